//! What is to be built in a project: data for its README, and the services that it needs.

use crate::curriculum::Project;
use crate::services::Service;
use serde::Deserialize;
use std::sync::LazyLock;

/// What a project's README says of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brief {
    /// The project's id.
    pub id: String,
    /// One of what the scaffold's first endpoint is about, in lower case.
    pub thing: String,
    /// Several of them.
    pub things: String,
    /// The services that it needs.
    #[serde(deserialize_with = "services")]
    pub services: Vec<Service>,
    /// What is to be built, in a sentence or two.
    pub build: String,
    /// Method and path, and what the endpoint does.
    pub endpoints: Vec<(String, String)>,
    /// What the design has to answer, a line each.
    pub architecture: Vec<String>,
    /// What is kept, a line each.
    pub data: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    briefs: Vec<Brief>,
}

static BRIEFS: LazyLock<Vec<Brief>> = LazyLock::new(|| {
    let text = include_str!("../../templates/scaffold/briefs.toml");
    toml::from_str::<File>(text).map(|file| file.briefs).unwrap_or_default()
});

impl Brief {
    /// The brief of a project; one that asks for its own words where the project is nobody's but the learner's.
    pub fn of(subject: &Project) -> Brief {
        let services = if subject.services.is_empty() { vec![Service::Postgres] } else { subject.services.clone() };
        BRIEFS.iter().find(|b| b.id == subject.id).cloned().unwrap_or_else(|| Brief {
            id: subject.id.clone(),
            thing: "item".into(),
            things: "items".into(),
            services,
            build: "<!-- What is to be built, for whom, and what makes it hard? -->".into(),
            endpoints: vec![
                ("GET /api/items".into(), "what was created".into()),
                ("POST /api/items".into(), "create one".into()),
            ],
            architecture: vec!["<!-- Which parts, and what passes between them? -->".into()],
            data: vec!["<!-- What is kept, and where? -->".into()],
        })
    }
}

fn services<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<Service>, D::Error> {
    let names = Vec::<String>::deserialize(d)?;
    let known = |name: &String| {
        Service::named(name).ok_or_else(|| serde::de::Error::custom(format!("{name:?} is no service of the guide's")))
    };
    names.iter().map(known).collect()
}
