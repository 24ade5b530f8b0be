//! Each form is read, and edited in its own form: what changes, and that nothing else does.

use super::edit::{self, Target};
use super::*;
use crate::documents::adr::template::Values;
use bstr::ByteSlice;
use proptest::prelude::*;

const HOUSE: &str = "# ADR 001: Use Redis for Rate Limiting\n\n## Status: Accepted\n\n## Context\nNeed it.\n\n## Consequences\n+ Fast (< 5ms overhead)\n- Requires Redis cluster for HA\n";
const DASH: &str =
    "# ADR-001: Use Redis\n\n## Status: Accepted\n## Consequences\n- Positive: fast\n- Negative: one more service\n";
const NYGARD: &str =
    "# 2. Use Redis\r\n\r\nDate: 2026-02-14\r\n\r\n## Status\r\n\r\nAccepted\r\n\r\n## Context\r\n\r\nNeed it.\r\n";
const MADR4: &str = "---\nstatus: accepted\ndate: 2026-02-14\ndecision-makers: Alice, Bob\n---\n\n# Use Redis\n\n## Context and Problem Statement\n\nNeed it.\n\n### Consequences\n\n* Good, because fast\n* Bad, because one more service\n";
const MADR2: &str = "# Use Redis\n\n* Status: accepted <!-- optional -->\n* Date: 2026-02-14\n\n## Context and Problem Statement\n\nNeed it.\n\n## Links\n\n* Refines [ADR-0001](0001-x.md)\n";

fn read(text: &str) -> Record {
    Record::read(text.as_bytes()).unwrap()
}

fn target(file: &str, heading: &str, number: u64) -> Target {
    let width = name::number(file.into()).unwrap().1;
    Target { number, width, heading: heading.into(), numbered: !heading.is_empty(), file: file.into() }
}

fn new_text(result: Result<Vec<u8>, edit::EditError>) -> String {
    String::from_utf8(result.unwrap()).unwrap()
}

/// The lines that are not in both, `-` before the old and `+` before the new ones.
fn changed(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let front = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let back = old[front..].iter().rev().zip(new[front..].iter().rev()).take_while(|(a, b)| a == b).count();
    let gone = old[front..old.len() - back].iter().map(|l| format!("-{l}"));
    gone.chain(new[front..new.len() - back].iter().map(|l| format!("+{l}"))).collect()
}

#[test]
fn every_form_is_recognised_with_number_title_status_and_date() {
    let seen = [HOUSE, DASH, NYGARD, MADR4, MADR2].map(|text| {
        let r = read(text);
        (r.dialect, r.number.map(|n| n.0), r.title, r.status, r.date)
    });
    let accepted = Some(Status::Accepted);
    let day = Some("2026-02-14".to_owned());
    assert_eq!(
        seen,
        [
            (Dialect::Mastery, Some(1), "Use Redis for Rate Limiting".into(), accepted.clone(), None),
            (Dialect::MasteryDash, Some(1), "Use Redis".into(), accepted.clone(), None),
            (Dialect::Nygard, Some(2), "Use Redis".into(), accepted.clone(), day.clone()),
            (Dialect::Madr, None, "Use Redis".into(), accepted.clone(), day.clone()),
            (Dialect::MadrBullets, None, "Use Redis".into(), accepted, day),
        ]
    );
}

#[test]
fn consequences_are_read_in_every_dress() {
    let sides = |text: &str| (read(text).consequences.good, read(text).consequences.bad);
    assert_eq!(sides(HOUSE), (vec!["Fast (< 5ms overhead)".into()], vec!["Requires Redis cluster for HA".into()]));
    assert_eq!(sides(DASH), (vec!["fast".into()], vec!["one more service".into()]));
    assert_eq!(sides(MADR4), (vec!["fast".into()], vec!["one more service".into()]));
}

#[test]
fn a_formatter_that_turned_plus_into_minus_is_detected_and_mended() {
    let damaged = HOUSE.replace("\n- R", "\n* R").replace("\n+ F", "\n- F");
    let record = read(&damaged);
    assert_eq!((record.consequences.damaged.len(), record.consequences.bad.len()), (2, 0));
    assert_eq!(new_text(edit::restore_marks(damaged.as_bytes(), &record)), HOUSE);
}

#[test]
fn a_status_change_touches_exactly_its_line() {
    let deprecated =
        |text: &str| changed(text, &new_text(edit::set_status(text.as_bytes(), &read(text), &Status::Deprecated)));
    assert_eq!(deprecated(HOUSE), ["-## Status: Accepted\n", "+## Status: Deprecated\n"]);
    assert_eq!(deprecated(DASH), ["-## Status: Accepted\n", "+## Status: Deprecated\n"]);
    assert_eq!(deprecated(NYGARD), ["-Accepted\r\n", "+Deprecated\r\n"]);
    assert_eq!(deprecated(MADR4), ["-status: accepted\n", "+status: deprecated\n"]);
    assert_eq!(
        deprecated(MADR2),
        ["-* Status: accepted <!-- optional -->\n", "+* Status: deprecated <!-- optional -->\n"]
    );
}

#[test]
fn supersession_is_written_in_the_records_own_form() {
    let by = target("0003-use-postgres.md", "3. Use Postgres", 3);
    let plain = target("0003-use-postgres.md", "", 3);
    let superseded = |text: &str, name, by, bare| {
        changed(text, &new_text(edit::supersede(text.as_bytes(), &read(text), name, by, bare)))
    };
    assert_eq!(
        superseded(HOUSE, "Superseded by", &by, false),
        [
            "-## Status: Accepted\n",
            "+## Status: Superseded\n",
            "+\n",
            "+Superseded by [3. Use Postgres](0003-use-postgres.md)\n"
        ]
    );
    assert_eq!(
        superseded(DASH, "Superseded by", &by, false)[1..],
        ["+## Status: Superseded\n", "+\n", "+Superseded by [3. Use Postgres](0003-use-postgres.md)\n", "+\n"]
    );
    assert_eq!(
        superseded(NYGARD, "Superceded by", &by, true),
        ["-Accepted\r\n", "+Superceded by [3. Use Postgres](0003-use-postgres.md)\r\n"]
    );
    assert_eq!(
        superseded(MADR4, "Superseded by", &plain, false),
        ["-status: accepted\n", "+status: superseded by ADR-0003\n"]
    );
    assert_eq!(
        superseded(MADR2, "Superseded by", &plain, false)[1],
        "+* Status: superseded by [ADR-0003](0003-use-postgres.md) <!-- optional -->\n"
    );
}

#[test]
fn relations_are_read_back_once_and_taken_away_again() {
    let other = target("0001-x.md", "1. X [draft]", 1);
    for text in [HOUSE, DASH, NYGARD, MADR4, MADR2] {
        let record = read(text);
        let related = edit::relate(text.as_bytes(), &record, "Depends on", &other).unwrap();
        let again = Record::read(&related).unwrap();
        assert!(edit::states(&again, "depends on", &other), "{}", String::from_utf8_lossy(&related));
        assert_eq!(
            edit::relate(&related, &again, "Depends on", &other).unwrap(),
            related,
            "stating it twice is stating it once"
        );
        let gone = edit::unrelate(&related, &again, Some("Depends on"), &other).unwrap();
        let rest = Record::read(&gone).unwrap();
        assert!(!edit::states(&rest, "Depends on", &other));
        assert_eq!((rest.status, rest.relations.len()), (record.status, record.relations.len()));
    }
}

#[test]
fn taking_a_supersession_away_leaves_the_record_accepted() {
    let by = target("0003-use-postgres.md", "3. Use Postgres", 3);
    for (text, bare) in [(HOUSE, false), (DASH, false), (NYGARD, true), (NYGARD, false), (MADR4, false), (MADR2, false)]
    {
        let superseded = edit::supersede(text.as_bytes(), &read(text), "Superseded by", &by, bare).unwrap();
        let record = Record::read(&superseded).unwrap();
        assert_eq!(record.status, Some(Status::Superseded));
        let back = new_text(edit::unrelate(&superseded, &record, None, &by));
        assert_eq!(read(&back).status, Some(Status::Accepted), "{back}");
        assert!(!back.to_lowercase().contains("superse"), "{back}");
    }
}

#[test]
fn two_successors_fit_in_madrs_status() {
    let first =
        edit::supersede(MADR4.as_bytes(), &read(MADR4), "Superseded by", &target("0003-a.md", "", 3), false).unwrap();
    let record = Record::read(&first).unwrap();
    let both = new_text(edit::supersede(&first, &record, "Superseded by", &target("0004-b.md", "", 4), false));
    assert!(both.contains("\nstatus: superseded by ADR-0003, ADR-0004\n"), "{both}");
    let record = read(&both);
    assert_eq!(record.relations.iter().filter_map(|r| r.number).collect::<Vec<_>>(), [3, 4]);
    let one = new_text(edit::unrelate(both.as_bytes(), &record, None, &target("0003-a.md", "", 3)));
    assert!(one.contains("\nstatus: superseded by ADR-0004\n"), "{one}");
}

#[test]
fn what_states_no_status_is_not_edited_in_silence() {
    let text = "# Use Redis\n\nBecause.\n";
    assert_eq!(read(text).status, None);
    assert_eq!(edit::set_status(text.as_bytes(), &read(text), &Status::Accepted), Err(edit::EditError::NoStatus));
    assert_eq!(Record::read(b" \n"), Err(Unreadable::Empty));
    assert_eq!(Record::read(b"Use Redis\n"), Err(Unreadable::NoTitle));
}

#[test]
fn adr_tools_own_output_reads_as_superseded_although_the_word_is_gone() {
    let text = "# 2. Use Redis\n\nDate: 2026-02-14\n\n## Status\n\nSuperceded by [3. Use Postgres](0003-use-postgres.md)\n\n## Context\n";
    let record = read(text);
    assert_eq!((record.status.clone(), record.written.clone()), (Some(Status::Superseded), None));
    assert_eq!(record.relations[0].number, Some(3));
}

#[test]
fn the_built_in_templates_make_records_that_are_read_as_meant() {
    let title = "Use C# for the TITLE page #";
    let values = Values { number: 7, width: 3, title, date: "2026-11-22", status: &Status::Proposed };
    for (text, dialect) in
        [(template::MASTERY, Dialect::Mastery), (template::NYGARD, Dialect::Nygard), (template::MADR, Dialect::Madr)]
    {
        let record = read(&template::fill(text, &values));
        assert_eq!((record.dialect, record.status), (dialect, Some(Status::Proposed)));
        assert_eq!(record.title.replace('\\', ""), title);
        assert!(record.consequences == Consequences::default());
    }
    let house = template::fill(template::MASTERY, &values);
    assert!(
        house.starts_with("# ADR 007: Use C# for the TITLE page \\#\n\n## Status: Proposed\n\n## Context\n"),
        "{house}"
    );
    assert!(template::fill(template::MADR, &values).starts_with("---\nstatus: proposed\ndate: 2026-11-22\n---\n"));
    for dialect in [Dialect::MasteryDash, Dialect::MadrBullets] {
        assert_eq!(read(&template::fill(&template::like(dialect).unwrap(), &values)).dialect, dialect);
    }
}

#[test]
fn a_reference_finds_by_number_or_name_and_says_when_two_are_meant() {
    let files = ["007-a.md", "007-b.md", "0010-c.md", "notes.md"].map(|n| (n.into(), Ok(HOUSE.as_bytes().to_vec())));
    let log = DecisionLog::of(files);
    assert_eq!(log.files.len(), 3);
    assert_eq!(log.find("ADR-10").unwrap().name, "0010-c.md");
    assert_eq!(log.find("docs/adr/007-b.md").unwrap().name, "007-b.md");
    assert_eq!(log.find("7"), Err(Lost::Ambiguous(vec!["007-a.md".into(), "007-b.md".into()])));
    assert_eq!(log.find("redis"), Err(Lost::Nowhere));
    assert_eq!(log.find("http2"), Err(Lost::Nowhere));
}

/// Records made of what records are made of.
fn records() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "# ADR 001: T",
        "# 2. T",
        "# T",
        "\n",
        "\r\n",
        "\n\n",
        "---\n",
        "status: accepted\n",
        "## Status",
        "## Status: ",
        "Accepted",
        "* Status: proposed",
        "Superseded by [x](0003-y.md)",
        "superseded by ADR-0003",
        "## Context\n",
        "## Consequences\n",
        "+ a\n",
        "- b\n",
        "* c\n",
        "```\n",
        "<!--",
        "-->",
        "## Links\n",
        "* Amends [3. Y](0003-y.md)",
        "Date: 2026",
        "é",
        "  ",
        ": ",
        "\"",
    ]);
    prop::collection::vec(pieces, 0..25).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_takes_or_is_an_error_and_never_panics(text in records()) {
        let Ok(record) = Record::read(text.as_bytes()) else { return Ok(()) };
        let other = target("0003-y.md", "3. Y", 3);
        if let Ok(new) = edit::set_status(text.as_bytes(), &record, &Status::Rejected) {
            let again = Record::read(&new).unwrap();
            let linked = again.relations.iter().any(Relation::is_superseded_by);
            prop_assert!(linked || again.status == Some(Status::Rejected));
            // Where a status is written, its lines change and no other.
            if record.written.is_some() && !record.relations.iter().any(Relation::is_superseded_by) {
                let (old, new): (Vec<&str>, Vec<&[u8]>) = (text.split('\n').collect(), new.split_str("\n").collect());
                prop_assert_eq!(old.len(), new.len());
                let changed = old.iter().zip(&new).filter(|(old, new)| old.as_bytes() != **new).count();
                prop_assert!(changed <= record.places.len(), "{} lines for {} places", changed, record.places.len());
            }
        }
        if let Ok(new) = edit::relate(text.as_bytes(), &record, "Amends", &other) {
            prop_assert!(edit::states(&Record::read(&new).unwrap(), "Amends", &other));
        }
        for bare in [false, true] {
            if let Ok(new) = edit::supersede(text.as_bytes(), &record, "Superseded by", &other, bare) {
                prop_assert_eq!(Record::read(&new).unwrap().status, Some(Status::Superseded));
            }
        }
        let _ = edit::unrelate(text.as_bytes(), &record, None, &other);
        let _ = edit::set_number(text.as_bytes(), &record, 9);
    }
}
