//! What this process asks of the C library's allocator, and of the system about memory that it is going to use.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Bytes from which on a block is big: it comes from the system by itself and goes back to it as soon as it is freed.
const BIG: usize = 4 << 20;
/// Bytes that are kept at the end of the heap when they are free, beside those that were [expected](expect).
const MOST_KEPT: i32 = 16 << 20;
/// Bytes that are expected at most, and how many of them are put in place before they are used.
const MOST_EXPECTED: usize = 64 << 20;
const MOST_IN_PLACE: usize = 8 << 20;
const HUGE_PAGE: usize = 2 << 20;

/// Has the C library give big blocks back to the system as soon as they are freed, keep smaller ones for the next use, and all
/// threads share one heap.
///
/// By itself it keeps ever bigger blocks and a heap for each thread: on a million lines that took a quarter more memory, in
/// the same CPU time. With big ones from 256 KiB, as it was before, a cold run of 10,000 lines has 1,577 page faults, with
/// these 1,424; a million lines 211,000 and 156,000, at 1.7 µs each and for 3 % more memory.
pub(crate) fn stay_small() {
    keep(BIG as i32, MOST_KEPT);
}

/// Has the C library keep less of what is freed, for runs that may use so much memory and no more: a million lines take 290
/// MB, in the same CPU time, where they take 325 with what is kept for speed.
pub(crate) fn stay_smaller() {
    HUGE.store(usize::MAX, Ordering::Relaxed);
    keep(128 << 10, 1 << 20);
}

/// Has the C library keep free blocks below `big` bytes, but no more than `most` bytes at the end of its heap.
fn keep(big: i32, most: i32) {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const M_MMAP_THRESHOLD: i32 = -3;
        const M_TRIM_THRESHOLD: i32 = -1;
        const M_ARENA_MAX: i32 = -8;
        unsafe extern "C" {
            safe fn mallopt(parameter: i32, value: i32) -> i32;
        }
        mallopt(M_MMAP_THRESHOLD, big);
        mallopt(M_TRIM_THRESHOLD, most);
        mallopt(M_ARENA_MAX, 1);
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    let _ = (big, most);
}

/// Gives memory that was freed back to the system: the C library keeps it otherwise, for the next run that may be hours away.
/// An edit of 10,000 lines under `--watch` has 804 page faults so and 43 without, a tenth of its CPU time; but what is kept
/// grows: by up to 9 % in 100 edits.
pub(crate) fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        unsafe extern "C" {
            safe fn malloc_trim(pad: usize) -> i32;
        }
        malloc_trim(0);
    }
}

/// Has the next bytes of the heap, so many or a little more but at most 64 MB, in huge pages, and the first 8 MB in place before
/// they are used. It changes nothing but how long that takes: a page that is touched first costs 1.2 µs and more, one that is
/// asked for with others half a µs, and a huge page as much as 80 of them, not 512. Of 10,000 lines, a cold run takes 5 % less
/// CPU time, and one after an edit 12 %; of 100,000, it has 1,400 page faults and not 10,100, for 8 % more memory.
pub(crate) fn expect(bytes: usize) {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    if HUGE.load(Ordering::Relaxed) == BIG {
        keep(2 * MOST_EXPECTED as i32, 2 * MOST_EXPECTED as i32);
        let bytes = bytes.next_multiple_of(HUGE_PAGE).min(MOST_EXPECTED);
        static IS_ALIGNED: AtomicBool = AtomicBool::new(false);
        if !IS_ALIGNED.swap(true, Ordering::Relaxed) {
            start_huge_page(bytes);
        }
        at_end_of_heap(bytes, |block| {
            advise(block, bytes, MADV_HUGEPAGE);
            advise(block, bytes.min(MOST_IN_PLACE), MADV_POPULATE_WRITE);
        });
        keep(BIG as i32, bytes as i32 + MOST_KEPT);
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    let _ = bytes;
}

/// Has the next block of so many bytes begin where a huge page does. What is before it is never used: no memory, but addresses.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn start_huge_page(bytes: usize) {
    /// What the C library notes before each block.
    const NOTES: usize = 16;
    /// There may be a free block of fewer bytes somewhere else.
    const LEAST: usize = 256 << 10;
    // The heap grows once, with all of it in one mapping: no huge page lies in two.
    let Some(next) = at_end_of_heap(bytes + HUGE_PAGE + LEAST, |block| block.addr()) else { return };
    let gap = (next + LEAST).next_multiple_of(HUGE_PAGE) - next;
    std::mem::forget(black_box(Vec::<u8>::with_capacity(gap - NOTES)));
}

/// What `look` says of a block of so many bytes, too many for any gap. When it is free again, it is what is used next.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn at_end_of_heap<T>(bytes: usize, look: impl FnOnce(*mut u8) -> T) -> Option<T> {
    let layout = Layout::array::<u8>(bytes).ok().filter(|layout| layout.size() > 0)?;
    // SAFETY: it is not empty.
    let block = unsafe { System.alloc(layout) };
    if block.is_null() {
        return None;
    }
    let said = look(block);
    // SAFETY: it was allocated just so, and nobody keeps it.
    unsafe { System.dealloc(block, layout) };
    Some(said)
}

/// The allocator of the C library, with big blocks in huge pages, where the system has such: a page of 2 MB is cleared and put
/// in place at once, where 512 small ones take a page fault each. A million lines have 53,000 page faults so with one thread, and
/// 91,000 without, and take up to 5 % more memory, as the last page of a block is rarely full.
struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

/// Bytes of a block from which on it is in huge pages.
static HUGE: AtomicUsize = AtomicUsize::new(BIG);

// SAFETY: `System` does everything; advice changes nothing but how fast memory is.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps to the contract, here and below.
        in_huge_pages(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        in_huge_pages(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        in_huge_pages(unsafe { System.realloc(block, layout, size) }, size)
    }
}

/// The `block` of so many bytes, which are in huge pages as soon as somebody uses them, if they are many.
fn in_huge_pages(block: *mut u8, size: usize) -> *mut u8 {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    if size >= HUGE.load(Ordering::Relaxed) && !block.is_null() {
        unsafe extern "C" {
            fn malloc_usable_size(block: *mut u8) -> usize;
        }
        // The whole mapping: a part of it could not grow any more.
        // SAFETY: it is a block of the C library.
        advise(block, unsafe { malloc_usable_size(block) }, MADV_HUGEPAGE);
    }
    block
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MADV_HUGEPAGE: i32 = 14;
/// Since Linux 5.14.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MADV_POPULATE_WRITE: i32 = 23;

/// Gives the system advice about the pages of a block of the C library, the one before it included if the library's own notes
/// are there. If it does not take it, all is as before.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn advise(block: *mut u8, size: usize, advice: i32) {
    const PAGE: usize = 4 << 10;
    unsafe extern "C" {
        fn madvise(start: *mut u8, length: usize, advice: i32) -> i32;
    }
    let before = block.addr() % PAGE;
    // SAFETY: the pages are those of the block, and neither advice changes what is in them.
    unsafe { madvise(block.wrapping_sub(before), before + size, advice) };
}
