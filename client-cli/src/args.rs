//! What can be asked on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::answer::AnswerArgs;
use crate::commands::check::CheckArgs;
use crate::commands::code::CodeArgs;
use crate::commands::explain::ExplainArgs;
use crate::commands::explain_pair::ExplainPairArgs;
use crate::commands::export::ExportArgs;
use crate::commands::import::ImportArgs;
use crate::commands::matching::MatchArgs;
use crate::commands::open::OpenArgs;
use crate::commands::questions::QuestionsArgs;
use crate::commands::recognise::RecogniseArgs;
use crate::commands::rejections::RejectionsArgs;
use crate::commands::run::RunArgs;
use crate::commands::runs::RunsArgs;
use crate::commands::serve::ServeArgs;
use crate::commands::show::ShowArgs;
use crate::commands::suggest::SuggestArgs;
use crate::commands::synonym::SynonymArgs;
use crate::commands::template::TemplateArgs;
use crate::text::Language;

/// Industrial symbiosis: what one firm throws out, another can use.
///
/// Firms declare what they give off and what they buy. Boucle finds which output can stand in for
/// which input, solves the whole zone at once, and explains every proposal and every rejection.
#[derive(Debug, Parser)]
#[command(name = "boucle", version, max_term_width = 100, after_help = BOUCLE_EXAMPLES)]
pub struct Boucle {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// Language of results and messages [default: French if LANG says so, else English]
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "fr|en",
        hide_possible_values = true
    )]
    pub lang: Option<Language>,
}

impl Boucle {
    /// The language asked for, else that of the environment.
    pub fn language(&self) -> Language {
        self.lang.unwrap_or_else(Language::of_environment)
    }
}

const BOUCLE_EXAMPLES: &str = "Examples:
  boucle template --lang fr -o flux.xlsx      a sheet to fill in
  boucle check flux.xlsx                      what is wrong with it
  boucle match flux.xlsx                      the plan, explained

Exit codes: 0 done, 1 the sheet has errors and nothing was written, 2 error.";

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read a sheet, solve the zone, print the plan
    #[command(after_help = "Examples:
  boucle match flows.xlsx
  boucle match flows.csv --zone Kalundborg --top 3 --plan firm
  boucle match flows.xlsx --distances roads.csv --settings settings.toml
  boucle match flows.xlsx --output json > answer.json")]
    Match(Box<MatchArgs>),
    /// Solve what is already declared in a store or on a service
    #[command(after_help = "Example:
  boucle run --store boucle.db --zone kalundborg")]
    Run(Box<RunArgs>),
    /// List the runs
    #[command(after_help = "Example:
  boucle runs --store boucle.db")]
    Runs(RunsArgs),
    /// Print the plan of a run again
    #[command(after_help = "Example:
  boucle show 3f0c1e1e-6a55-4c5e-9d0e-0f6f6a8f3a11 --store boucle.db --top 10")]
    Show(ShowArgs),
    /// List what a run left out, flow by flow, and why
    #[command(after_help = "Example:
  boucle rejections 3f0c1e1e-6a55-4c5e-9d0e-0f6f6a8f3a11 --store boucle.db --site local:KAL-GYP")]
    Rejections(RejectionsArgs),
    /// List the questions that a run leaves open, most valuable first
    #[command(after_help = "Example:
  boucle questions 3f0c1e1e-6a55-4c5e-9d0e-0f6f6a8f3a11 --store boucle.db --top 10")]
    Questions(QuestionsArgs),
    /// Answer a question; every run after reads the answer, and no declared row changes
    #[command(after_help = "Examples:
  boucle answer flow:local:KAL-ASN/output/asn-ash:property:loi_pct 4.2 --store boucle.db \\
      --by laboratory --evidence 'analysis of 3 March'
  boucle answer --list --store boucle.db")]
    Answer(AnswerArgs),
    /// List the flows that sites probably have by their activity and size, to be confirmed
    #[command(after_help = "Examples:
  boucle suggest --zone kalundborg --store boucle.db
  boucle suggest --zone kalundborg --store boucle.db -o suggestions.xlsx")]
    Suggest(SuggestArgs),
    /// Read what firms write as resources of the catalogue: a line of JSON for each text
    #[command(after_help = "Examples:
  boucle recognise texts.csv > readings.jsonl
  boucle recognise texts.csv --store boucle.db --territory local > readings.jsonl")]
    Recognise(RecogniseArgs),
    /// Decide what the names mean that the firms of a territory write, or list those nobody knows
    #[command(after_help = "Examples:
  boucle synonym unknown --store boucle.db
  boucle synonym add 'poussier gris' DON:fgd_gypsum --store boucle.db --by animator
  boucle synonym list --store boucle.db
  boucle synonym remove 'poussier gris' --store boucle.db")]
    Synonym(SynonymArgs),
    /// Decide what codes of the territory's own stand for: a collector's, an observatory's, an older list's
    #[command(after_help = "Examples:
  boucle code add CART-01 '15 01 01' --source 'list of the collector, 2026' --store boucle.db
  boucle code add DIB '20 03 01; 15 01 06' --source 'list of the collector, 2026' --store boucle.db
  boucle code import codes.csv --store boucle.db
  boucle code list --store boucle.db --output csv > codes.csv
  boucle code remove DIB --store boucle.db")]
    Code(CodeArgs),
    /// Say rule by rule why two flows are joined or not
    #[command(after_help = "Example:
  boucle explain-pair 3f0c1e1e-6a55-4c5e-9d0e-0f6f6a8f3a11 --store boucle.db \\
      --giver local:KAL-ASN/output/asn-gypsum --taker local:KAL-GYP/input/gyp-gypsum")]
    ExplainPair(ExplainPairArgs),
    /// Write a sheet into a store or a service, all or nothing
    #[command(after_help = "Examples:
  boucle import flows.xlsx --zone Kalundborg --store boucle.db --dry-run
  boucle import flows.csv --zone Kalundborg --store boucle.db --mode replace
  boucle import flows.csv --zone Kalundborg --server 127.0.0.1:7878")]
    Import(ImportArgs),
    /// Write the flows of a zone in the columns of the template
    #[command(after_help = "Example:
  boucle export --zone kalundborg --store boucle.db -o flows.xlsx")]
    Export(ExportArgs),
    /// Write an empty template to fill in
    #[command(after_help = "Example:
  boucle template --lang fr -o flux.xlsx")]
    Template(TemplateArgs),
    /// Say what is wrong with a sheet; writes nothing
    #[command(after_help = "Examples:
  boucle check flows.xlsx
  boucle check Prod_dechets_non_dangereux.csv --with etablissements.csv")]
    Check(CheckArgs),
    /// Print the page of a code of finding
    #[command(after_help = "Example:
  boucle explain E1101")]
    Explain(ExplainArgs),
    /// Open a territory on a service, as its operator
    #[command(after_help = "Example:
  boucle open flandre --name 'Flandre-Dunkerque' --server 127.0.0.1:7878")]
    Open(OpenArgs),
    /// Run the service
    #[command(after_help = "Examples:
  boucle serve --store boucle.db
  boucle serve --listen 0.0.0.0:7878 --tokens tokens.tsv --store /var/lib/boucle/boucle.db")]
    Serve(ServeArgs),
}

/// Which service answers.
#[derive(Clone, Debug, Default, Args)]
pub struct Service {
    /// Address of a running service; without it one is started inside this command. A token is
    /// taken from BOUCLE_TOKEN
    #[arg(long, value_name = "URL", conflicts_with_all = ["store", "knowledge"])]
    pub server: Option<String>,
    /// File of the store
    #[arg(long, value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// Folder of tables (*.csv) that replace those built in, by file name
    #[arg(long, value_name = "DIR")]
    pub knowledge: Option<PathBuf>,
    /// Territory, the boundary of confidentiality [default: that of the token, else local]
    #[arg(long, value_name = "ID")]
    pub territory: Option<String>,
}

/// Where things are kept between two commands.
impl Service {
    /// Whether what is written outlives this command.
    pub fn lasts(&self) -> bool {
        self.server.is_some() || self.store.is_some()
    }
}
