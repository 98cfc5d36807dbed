//! Circles among what uses each other.

/// For each of `count` things, whether a way from it leads into a circle: what is left when things without uses, and then those
/// whose uses are all gone, are taken away. `uses` are pairs of what is used and who uses it.
pub(super) fn leading_into(count: usize, mut uses: Vec<(u32, u32)>) -> Vec<bool> {
    let mut open = vec![0_u32; count];
    uses.iter().for_each(|&(_, user)| open[user as usize] += 1);
    uses.sort_unstable();
    let mut pending: Vec<u32> = (0..count as u32).filter(|&one| open[one as usize] == 0).collect();
    while let Some(gone) = pending.pop() {
        let first = uses.partition_point(|&(used, _)| used < gone);
        for &(_, user) in uses[first..].iter().take_while(|&&(used, _)| used == gone) {
            open[user as usize] -= 1;
            if open[user as usize] == 0 {
                pending.push(user);
            }
        }
    }
    open.into_iter().map(|uses| uses > 0).collect()
}
