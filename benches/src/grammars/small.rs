//! Many languages of 35 lines, each a project of its own.

use super::{Project, Random, rules};

const LINES: usize = 35;

pub(super) fn generate(random: &mut Random, lines: usize) -> Vec<Project> {
    let mut projects = Vec::new();
    let mut rest = lines;
    while rest > 0 {
        for project in rules::generate(random, LINES) {
            rest = rest.saturating_sub(project.lines());
            projects.push(Project { folder: format!("p{:05}", projects.len()), ..project });
        }
    }
    projects
}
