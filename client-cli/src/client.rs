//! A client of the service, started in this process or running elsewhere: both are spoken to alike.

use boucle_proto::v1;
use boucle_proto::v1::declaration_service_client::DeclarationServiceClient;
use boucle_proto::v1::own_code_service_client::OwnCodeServiceClient;
use boucle_proto::v1::question_service_client::QuestionServiceClient;
use boucle_proto::v1::reference_service_client::ReferenceServiceClient;
use boucle_proto::v1::run_service_client::RunServiceClient;
use boucle_proto::v1::suggestion_service_client::SuggestionServiceClient;
use boucle_proto::v1::synonym_service_client::SynonymServiceClient;
use boucle_proto::v1::territory_service_client::TerritoryServiceClient;
use boucle_server::{Embedded, Limits, Place};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};

use crate::args::Service;
use crate::failure::{Failure, Result};
use crate::text::Language;

/// Largest answer read, bytes: a page of a thousand proposals with room to spare.
const LARGEST: usize = 64 << 20;

/// Territory of those who need no other.
const LOCAL: &str = "local";

/// Rows asked for at once.
pub const PAGE: u32 = 500;

/// Channel of every call.
pub type Line = InterceptedService<Channel, Headers>;

/// What goes with every call: who calls, and in which language to answer.
#[derive(Clone)]
pub struct Headers {
    authorization: Option<MetadataValue<Ascii>>,
    language: MetadataValue<Ascii>,
}

impl Interceptor for Headers {
    fn call(&mut self, mut request: Request<()>) -> std::result::Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        metadata.insert("accept-language", self.language.clone());
        if let Some(token) = &self.authorization {
            metadata.insert("authorization", token.clone());
        }
        Ok(request)
    }
}

/// A connection to the service, in one territory.
pub struct Client {
    line: Line,
    embedded: Option<Embedded>,
    /// The territory of every call.
    pub territory: String,
    /// The language of every answer.
    pub language: Language,
}

impl Client {
    /// Connects to the service that was named, or starts one here with `threads` threads (0: one
    /// for each core).
    ///
    /// # Errors
    /// What keeps it from answering.
    pub async fn open(service: &Service, threads: usize, language: Language) -> Result<Client> {
        let (channel, embedded) = match &service.server {
            Some(address) => (connect(address, language).await?, None),
            None => {
                let place = Place {
                    store: service.store.clone(),
                    knowledge: service.knowledge.clone(),
                    limits: Limits {
                        threads,
                        ..Limits::default()
                    },
                };
                let started = Embedded::start(place).await;
                let embedded = started.map_err(|error| Failure::Error(error.to_string()))?;
                (embedded.channel(), Some(embedded))
            }
        };
        let headers = Headers {
            authorization: token(service, language)?,
            language: MetadataValue::from_static(language.tag()),
        };
        let mut client = Client {
            line: InterceptedService::new(channel, headers),
            embedded,
            territory: LOCAL.to_owned(),
            language,
        };
        if let Some(named) = &service.territory {
            client.territory.clone_from(named);
        } else if service.server.is_some() {
            // Whoever holds a token for one territory need not name it.
            let ask = v1::GetServerInfoRequest {};
            let info = client.reference().get_server_info(ask).await?.into_inner();
            if !info.territory.is_empty() {
                client.territory = info.territory;
            }
        }
        Ok(client)
    }

    /// Territories and zones.
    pub fn territories(&self) -> TerritoryServiceClient<Line> {
        TerritoryServiceClient::new(self.line.clone()).max_decoding_message_size(LARGEST)
    }

    /// Declarations.
    pub fn declarations(&self) -> DeclarationServiceClient<Line> {
        DeclarationServiceClient::new(self.line.clone()).max_decoding_message_size(LARGEST)
    }

    /// Runs.
    pub fn runs(&self) -> RunServiceClient<Line> {
        RunServiceClient::new(self.line.clone()).max_decoding_message_size(LARGEST)
    }

    /// Questions and answers.
    pub fn questions(&self) -> QuestionServiceClient<Line> {
        QuestionServiceClient::new(self.line.clone()).max_decoding_message_size(LARGEST)
    }

    /// Suggestions.
    pub fn suggestions(&self) -> SuggestionServiceClient<Line> {
        SuggestionServiceClient::new(self.line.clone()).max_decoding_message_size(LARGEST)
    }

    /// Codes of the territory.
    pub fn own_codes(&self) -> OwnCodeServiceClient<Line> {
        OwnCodeServiceClient::new(self.line.clone()).max_decoding_message_size(LARGEST)
    }

    /// Words of the territory.
    pub fn synonyms(&self) -> SynonymServiceClient<Line> {
        SynonymServiceClient::new(self.line.clone()).max_decoding_message_size(LARGEST)
    }

    /// The catalogue.
    pub fn reference(&self) -> ReferenceServiceClient<Line> {
        ReferenceServiceClient::new(self.line.clone()).max_decoding_message_size(LARGEST)
    }

    /// Opens the territory, where it is not yet and where we may.
    ///
    /// # Errors
    /// What the service answers.
    pub async fn open_territory(&self) -> Result<()> {
        let mut territories = self.territories();
        let ask = v1::GetTerritoryRequest {
            territory: self.territory.clone(),
        };
        match territories.get_territory(ask).await {
            Ok(_) => {}
            Err(status) if status.code() == Code::NotFound => {
                let territory = v1::Territory {
                    id: self.territory.clone(),
                    name: self.territory.clone(),
                };
                let ask = v1::CreateTerritoryRequest {
                    territory: Some(territory),
                    allow_existing: true,
                };
                territories.create_territory(ask).await?;
            }
            Err(status) => return Err(status.into()),
        }
        Ok(())
    }

    /// Opens the territory and a zone of it, where they are not yet; gives the identifier of the
    /// zone.
    ///
    /// # Errors
    /// What the service answers.
    pub async fn open_zone(&self, name: &str) -> Result<String> {
        self.open_territory().await?;
        let mut territories = self.territories();
        let zone = v1::Zone {
            id: identifier(name),
            territory: self.territory.clone(),
            name: name.trim().to_owned(),
            ..v1::Zone::default()
        };
        let ask = v1::CreateZoneRequest {
            zone: Some(zone),
            allow_existing: true,
        };
        Ok(territories.create_zone(ask).await?.into_inner().id)
    }

    /// Lets go of the service; one that runs here ends in good order.
    pub async fn close(self) {
        drop(self.line);
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

/// Connects to a service elsewhere.
async fn connect(address: &str, language: Language) -> Result<Channel> {
    if address.starts_with("https://") {
        return Err(Failure::told(
            language,
            "https n'est pas pris en charge : passer par un tunnel ou un relais local",
            "https is not spoken: go through a tunnel or a local proxy",
        ));
    }
    let address = match address.contains("://") {
        true => address.to_owned(),
        false => format!("http://{address}"),
    };
    let refused = |error: &dyn std::error::Error| {
        let mut why = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            why = inner.to_string();
            source = inner.source();
        }
        Failure::told(
            language,
            format!("pas de service à l'adresse {address} : {why}"),
            format!("no service at {address}: {why}"),
        )
    };
    let endpoint = Endpoint::from_shared(address.clone()).map_err(|error| refused(&error))?;
    endpoint.connect().await.map_err(|error| refused(&error))
}

/// The token of the environment, for a service elsewhere.
fn token(service: &Service, language: Language) -> Result<Option<MetadataValue<Ascii>>> {
    let token = std::env::var("BOUCLE_TOKEN").unwrap_or_default();
    if service.server.is_none() || token.is_empty() {
        return Ok(None);
    }
    let mut value: MetadataValue<Ascii> = format!("Bearer {token}").parse().map_err(|_| {
        Failure::told(
            language,
            "BOUCLE_TOKEN contient un caractère interdit",
            "BOUCLE_TOKEN holds a character that is not allowed",
        )
    })?;
    value.set_sensitive(true);
    Ok(Some(value))
}

/// The identifier of a name: lower-case letters, digits and hyphens, beginning with a letter.
pub fn identifier(name: &str) -> String {
    let mut id = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        match plain(character) {
            Some(letters) => id.push_str(letters),
            None if character.is_ascii_alphanumeric() => id.push(character),
            None if !id.is_empty() && !id.ends_with('-') => id.push('-'),
            None => {}
        }
    }
    if !id.starts_with(|first: char| first.is_ascii_lowercase()) {
        id.insert_str(0, if id.is_empty() { "zone" } else { "zone-" });
    }
    id.truncate(63);
    id.truncate(id.trim_end_matches('-').len());
    id
}

/// The plain letters of an accented one.
fn plain(character: char) -> Option<&'static str> {
    Some(match character {
        'à' | 'â' | 'ä' | 'á' | 'ã' => "a",
        'å' => "aa",
        'ç' => "c",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'î' | 'ï' | 'í' | 'ì' => "i",
        'ñ' => "n",
        'ô' | 'ö' | 'ó' | 'ò' | 'õ' => "o",
        'ø' | 'œ' => "oe",
        'ù' | 'û' | 'ü' | 'ú' => "u",
        'ÿ' | 'ý' => "y",
        'æ' => "ae",
        'ß' => "ss",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_named_as_people_write_it_and_gets_an_identifier() {
        assert_eq!(identifier("Kalundborg"), "kalundborg");
        assert_eq!(identifier("Île-de-Bréhat, n° 2"), "ile-de-brehat-n-2");
        assert_eq!(identifier("59 Nord"), "zone-59-nord");
        assert_eq!(identifier("…"), "zone");
        assert_eq!(identifier(&"a".repeat(80)).len(), 63);
    }
}
