//! Questions and answers on the wire.

use boucle_proto::v1;
use boucle_proto::v1::question_service_server::QuestionService;
use boucle_store::RunId;
use tonic::{Request, Response, Status};

use super::convert::question::{given_answer, open_question};
use super::{Call, Services};
use crate::app::question::AnswerRequest;
use crate::auth::Action;

#[tonic::async_trait]
impl QuestionService for Services {
    async fn list_questions(
        &self,
        request: Request<v1::ListQuestionsRequest>,
    ) -> Result<Response<v1::ListQuestionsResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadResults)?;
            let open = self
                .app
                .questions(&access, &RunId::new(request.run))
                .await?;
            let questions = open.iter().map(|one| open_question(&access.viewer, one));
            Ok(v1::ListQuestionsResponse {
                questions: questions.collect(),
            })
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn give_answer(
        &self,
        request: Request<v1::GiveAnswerRequest>,
    ) -> Result<Response<v1::GivenAnswer>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let given = async {
            let access = call.access(&request.territory, Action::Exchange)?;
            let ask = AnswerRequest {
                question: request.question,
                value: request.value,
                by: request.by,
                evidence: request.evidence,
            };
            Ok(given_answer(&self.app.give_answer(&access, &ask).await?))
        };
        given
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn withdraw_answer(
        &self,
        request: Request<v1::WithdrawAnswerRequest>,
    ) -> Result<Response<v1::WithdrawAnswerResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let done = async {
            let access = call.access(&request.territory, Action::Exchange)?;
            let withdrawn = self.app.withdraw_answer(&access, &request.question).await?;
            Ok(v1::WithdrawAnswerResponse { withdrawn })
        };
        done.await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn list_answers(
        &self,
        request: Request<v1::ListAnswersRequest>,
    ) -> Result<Response<v1::ListAnswersResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::Exchange)?;
            let answers = self.app.given_answers(&access).await?;
            Ok(v1::ListAnswersResponse {
                answers: answers.iter().map(given_answer).collect(),
            })
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }
}
