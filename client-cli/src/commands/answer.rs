//! `boucle answer`: answers a question once; the runs after read it.

use boucle_proto::v1;
use clap::Args;

use crate::args::Service;
use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::output::Data;
use crate::text::Language;

/// Which question, and what is answered.
#[derive(Debug, Args)]
pub struct AnswerArgs {
    /// Name of the question, as `boucle questions` prints it; without it the answers given are listed
    #[arg(value_name = "ID")]
    question: Option<String>,
    /// yes or no, a key of the catalogue, a number, a range 1..3, or a class
    #[arg(value_name = "VALUE", required_unless_present_any = ["withdraw", "list"])]
    value: Option<String>,
    /// Forgets the answer
    #[arg(long, conflicts_with = "value")]
    withdraw: bool,
    /// Lists the answers given
    #[arg(long, conflicts_with_all = ["question", "value", "withdraw"])]
    list: bool,
    /// Who answers, in a word [default: the caller]
    #[arg(long, value_name = "WHO", default_value = "")]
    by: String,
    /// On what ground: analysis, letter, visit
    #[arg(long, value_name = "TEXT", default_value = "")]
    evidence: String,
    #[command(flatten)]
    service: Service,
}

/// Gives, withdraws or lists.
pub async fn run(args: &AnswerArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let mut data = Data::open();
    let territory = client.territory.clone();
    match (&args.question, &args.value) {
        (None, _) => {
            let ask = v1::ListAnswersRequest { territory };
            for answer in client
                .questions()
                .list_answers(ask)
                .await?
                .into_inner()
                .answers
            {
                data.line(&line(&answer))?;
            }
        }
        (Some(question), _) if args.withdraw => {
            let ask = v1::WithdrawAnswerRequest {
                territory,
                question: question.clone(),
            };
            if !client
                .questions()
                .withdraw_answer(ask)
                .await?
                .into_inner()
                .withdrawn
            {
                return Err(Failure::told(
                    language,
                    "cette question n'avait pas de réponse",
                    "this question had no answer",
                ));
            }
        }
        (Some(question), value) => {
            let ask = v1::GiveAnswerRequest {
                territory,
                question: question.clone(),
                value: value.clone().unwrap_or_default(),
                by: args.by.clone(),
                evidence: args.evidence.clone(),
            };
            let answer = client.questions().give_answer(ask).await?.into_inner();
            data.line(&line(&answer))?;
        }
    }
    client.close().await;
    data.close()
}

fn line(answer: &v1::GivenAnswer) -> String {
    let ground = match answer.evidence.as_str() {
        "" => String::new(),
        evidence => format!(", {evidence}"),
    };
    format!(
        "{} = {} ({}, {}{ground})",
        answer.question, answer.value, answer.by, answer.on
    )
}
