//! The compose file of a project: the guide's, with only the services that the project needs.

use super::{PASSWORD, Service, USER};
use crate::failure::{Context, Failure};
use askama::Template;

#[derive(Template)]
#[template(path = "docker-compose.yml", escape = "none")]
struct File<'a> {
    services: &'a [Service],
    database: &'a str,
}

/// The text of `docker-compose.yml` for `services`, in the guide's order; nothing where there are none. `database` is the name
/// that [`database_name`] gives.
///
/// # Errors
/// The template can't be filled in: kind `Missing`.
pub fn compose(services: &[Service], database: &str) -> Result<Option<String>, Failure> {
    let mut wanted = services.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(None);
    }
    let file = File { services: &wanted, database };
    file.render().map(|text| Some(text + "\n")).or_missing(|| "can't write docker-compose.yml".into())
}

/// What the database of a project is called: `api_rate_limiter` for `15-api-rate-limiter`. Letters, digits and underscores, so
/// that no tool needs to quote it.
pub fn database_name(project: &str) -> String {
    let words = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let name: String = project.chars().map(words).collect();
    let name = name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_').trim_end_matches('_');
    if name.is_empty() { "myproject".into() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_the_services_that_are_needed_in_the_guides_order_and_no_other() {
        let text = compose(&[Service::Redis, Service::Postgres, Service::Redis], "api_rate_limiter").unwrap().unwrap();
        insta::assert_snapshot!(text, @r#"
        services:
          postgres:
            image: postgres:15-alpine
            environment:
              POSTGRES_USER: dev
              POSTGRES_PASSWORD: devpassword
              POSTGRES_DB: api_rate_limiter
            ports:
              - "5432:5432"
            volumes:
              - postgres_data:/var/lib/postgresql/data

          redis:
            image: redis:7-alpine
            ports:
              - "6379:6379"
            volumes:
              - redis_data:/data

        volumes:
          postgres_data:
          redis_data:
        "#);
    }

    #[test]
    fn all_four_publish_the_ports_that_their_protocols_are_asked_on() {
        let text = compose(&Service::ALL, "shop").unwrap().unwrap();
        for service in Service::ALL {
            let port = service.port();
            for part in
                [format!("\n  {}:\n    image: {}\n", service.name(), service.image()), format!("\"{port}:{port}\"")]
            {
                assert!(text.contains(&part), "{part} is missing in\n{text}");
            }
        }
        assert!(!text.contains("\n\n\n") && text.ends_with("rabbitmq_data:\n"), "{text}");
    }

    #[test]
    fn a_project_that_needs_nothing_has_no_file() {
        assert_eq!(compose(&[], "shop").unwrap(), None);
    }

    #[test]
    fn database_names_need_no_quotes() {
        let names = ["15-api-rate-limiter", "Shop & Co.", "42", "a\"b: {c}"].map(database_name);
        assert_eq!(names, ["api_rate_limiter", "shop___co", "myproject", "a_b___c"]);
    }
}
