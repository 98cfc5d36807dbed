//! The stages of the compiler, as work that can be measured. One table; everything that measures iterates it.

use std::any::Any;
use std::hint::black_box;

use langloom_core::emit::{self, Output, TARGETS, Target};
use langloom_core::model::config::Config;
use langloom_core::model::types::KnownTypes;
use langloom_core::model::{self, Language, Model, Sources};
use langloom_core::syntax::{Boundaries, Lexer, TokenKind, Tokens};

use crate::templates;
use crate::workload::{Parsed, Unit, Workload, parse};

/// A step of the way from grammars to files.
#[derive(Clone, Copy)]
pub(crate) struct Stage {
    /// Its name in reports and baselines.
    pub(crate) name: &'static str,
    work: Work,
}

#[derive(Clone, Copy)]
enum Work {
    Lex,
    Boundaries,
    Parse,
    Analyse,
    Check,
    Resolve,
    Infer,
    Words,
    Emit(&'static Target),
    EmitAll,
    TemplateCompile,
    TemplateRender,
    Hash,
    Write,
    WriteUnchanged,
}

/// All stages, in the order in which a run goes through them.
fn stages() -> Vec<Stage> {
    let mut stages = vec![
        Stage { name: "lex", work: Work::Lex },
        Stage { name: "boundaries", work: Work::Boundaries },
        Stage { name: "parse", work: Work::Parse },
        Stage { name: "analyse", work: Work::Analyse },
        Stage { name: "check", work: Work::Check },
        Stage { name: "resolve", work: Work::Resolve },
        Stage { name: "infer", work: Work::Infer },
        Stage { name: "words", work: Work::Words },
    ];
    stages.extend(TARGETS.iter().map(|target| Stage { name: target.name, work: Work::Emit(target) }));
    stages.push(Stage { name: "emit", work: Work::EmitAll });
    stages.push(Stage { name: "template-compile", work: Work::TemplateCompile });
    stages.push(Stage { name: "template-render", work: Work::TemplateRender });
    stages.push(Stage { name: "hash", work: Work::Hash });
    stages.push(Stage { name: "write", work: Work::Write });
    stages.push(Stage { name: "write-unchanged", work: Work::WriteUnchanged });
    stages
}

/// The stages of these names, or all if there are no names; in the order of [`stages`].
pub(crate) fn choose(names: &[String]) -> Result<Vec<Stage>, String> {
    let all = stages();
    if let Some(unknown) = names.iter().find(|name| all.iter().all(|stage| stage.name != **name)) {
        let known: Vec<&str> = all.iter().map(|stage| stage.name).collect();
        return Err(format!("there is no stage {unknown}; there are {}", known.join(", ")));
    }
    Ok(all.into_iter().filter(|stage| names.is_empty() || names.iter().any(|name| name == stage.name)).collect())
}

/// What a stage reads and writes, in bytes. For what is neither text nor file, the grammars' bytes stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Volume {
    pub(crate) input: usize,
    pub(crate) output: usize,
}

impl Stage {
    /// Whether it is no step of its own of a run that writes what Langium writes: other stages do it too, or none does.
    pub(crate) fn is_counted_elsewhere(&self) -> bool {
        match self.work {
            Work::Lex | Work::Boundaries | Work::Check | Work::Resolve | Work::Infer | Work::EmitAll => true,
            Work::TemplateCompile | Work::TemplateRender | Work::Hash | Work::WriteUnchanged => true,
            Work::Parse | Work::Analyse | Work::Words | Work::Emit(_) | Work::Write => false,
        }
    }

    /// Does what comes before the stage, so that it is not measured.
    pub(crate) fn prepare(&self, workload: &Workload) {
        match self.work {
            Work::Lex | Work::Boundaries | Work::Parse | Work::TemplateCompile => {}
            Work::TemplateRender => drop(black_box(workload.templates())),
            Work::Analyse | Work::Check | Work::Resolve => drop(black_box(workload.units().len())),
            Work::Infer | Work::Words => drop(black_box(workload.languages().len())),
            // Outputs share what they ask of words: the first one of a run finds it out.
            Work::Emit(_) | Work::EmitAll => {
                workload.inputs().for_each(|input| words(&input.model.languages, input.sources, input.config));
            }
            Work::Hash => drop(black_box(workload.output_texts().len())),
            Work::Write | Work::WriteUnchanged => drop(black_box(workload.writing())),
        }
    }

    /// Does the stage's work on all projects. The result is for dropping it where that is not measured.
    pub(crate) fn run(&self, workload: &Workload) -> Box<dyn Any> {
        match self.work {
            Work::Lex => Box::new(workload.texts().map(lex).sum::<usize>()),
            Work::Boundaries => Box::new(workload.texts().map(boundaries).sum::<usize>()),
            Work::Parse => Box::new(workload.projects.iter().map(parse).collect::<Vec<Parsed>>()),
            Work::Analyse => Box::new(workload.units().iter().map(Unit::analyse).collect::<Vec<_>>()),
            Work::Check => Box::new(workload.units().iter().map(Unit::check).collect::<Vec<_>>()),
            Work::Resolve => Box::new(workload.units().iter().map(Unit::resolve).collect::<Vec<_>>()),
            Work::Infer => Box::new(workload.units().iter().zip(workload.languages()).map(infer).collect::<Vec<_>>()),
            Work::Words => Box::new(workload.units().iter().zip(workload.languages()).map(fresh_words).collect::<Vec<_>>()),
            Work::Emit(target) => Box::new(render(workload, |output| output.target.name == target.name)),
            Work::EmitAll => Box::new(render(workload, |_| true)),
            Work::TemplateCompile => Box::new(templates::compiled()),
            Work::TemplateRender => {
                let (compiled, data) = workload.templates();
                Box::new(templates::rendered(compiled, data))
            }
            Work::Hash => Box::new(
                workload.output_texts().iter().map(|text| langloom_disk::content_hash(text.as_bytes())).fold(0, |a, b| a ^ b),
            ),
            Work::Write => Box::new(workload.writing().anew(workload.output_texts())),
            Work::WriteUnchanged => {
                workload.writing().again(workload.output_texts());
                Box::new(())
            }
        }
    }

    /// How much it works on.
    pub(crate) fn volume(&self, workload: &Workload) -> Volume {
        let bytes = |texts: &[String]| texts.iter().map(String::len).sum();
        match self.work {
            Work::Lex
            | Work::Boundaries
            | Work::Parse
            | Work::Analyse
            | Work::Check
            | Work::Resolve
            | Work::Infer
            | Work::Words => Volume { input: workload.bytes(), output: 0 },
            Work::Emit(target) => {
                let texts = render(workload, |output| output.target.name == target.name);
                Volume { input: workload.bytes(), output: bytes(&texts) }
            }
            Work::EmitAll => Volume { input: workload.bytes(), output: bytes(workload.output_texts()) },
            Work::TemplateCompile => Volume { input: templates::source_bytes(), output: 0 },
            Work::TemplateRender => {
                let (compiled, data) = workload.templates();
                Volume { input: 0, output: templates::rendered(compiled, data).len() }
            }
            Work::Hash | Work::Write | Work::WriteUnchanged => Volume { input: bytes(workload.output_texts()), output: 0 },
        }
    }
}

/// Reads a text to its end. Returns the number of tokens.
fn lex(text: &str) -> usize {
    let mut lexer = Lexer::new(text, 0);
    let mut count = 0;
    while black_box(lexer.next_token()).kind != TokenKind::Eof {
        count += 1;
    }
    count
}

/// Cuts a text into declarations. Returns their number.
fn boundaries(text: &str) -> usize {
    let mut boundaries = Boundaries::new(text, 0);
    let mut tokens = Tokens::default();
    let mut count = 0;
    while boundaries.next_declaration(&mut tokens) {
        black_box(&tokens);
        count += 1;
    }
    count
}

/// Finds all types of a project, as if no check had needed them.
fn infer((unit, languages): (&Unit, &Vec<Language>)) -> Model {
    model::infer(&unit.sources, languages.clone(), KnownTypes::default())
}

/// Finds out all that outputs ask of the words of a project, in languages of which nobody asked it yet.
fn fresh_words((unit, languages): (&Unit, &Vec<Language>)) -> Vec<Language> {
    let languages = languages.clone();
    words(&languages, &unit.sources, &unit.config);
    languages
}

fn words(languages: &[Language], sources: &Sources, config: &Config) {
    for language in languages {
        black_box(language.words(sources));
        black_box(language.sorted_keywords(sources, &config.version));
        black_box(language.terminals(sources));
    }
}

/// The texts of the outputs that are `wanted`, each in a buffer that starts empty, as the first one of a process does.
fn render(workload: &Workload, wanted: impl Fn(&Output) -> bool) -> Vec<String> {
    let outputs = workload.outputs().filter(|(_, output)| wanted(output));
    outputs.map(|(input, output)| emit::render_whole(&output, input)).collect()
}
