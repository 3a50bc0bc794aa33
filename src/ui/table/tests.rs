use super::*;

const TERMINAL: StreamStyle = StreamStyle {
    terminal: true,
    width: 80,
    colour: false,
    utf8: true,
};

fn tokens() -> Table {
    let mut table = Table::new([
        Column::fixed("ID"),
        Column::flexible("NAME"),
        Column::fixed("EXPIRES"),
    ]);
    table.add_row(["1".into(), Span::bold("laptop"), "in 3 days".into()]);
    table.add_row([
        "22".into(),
        "a name\tthat is\u{1b}[31m long enough to be in the way of others".into(),
        "never".into(),
    ]);
    table
}

#[test]
fn a_program_gets_whole_cells_between_tabs_and_no_titles() {
    let text = tokens().render(&StreamStyle::PLAIN);
    assert_eq!(
        text,
        "1\tlaptop\tin 3 days\n22\ta name that is[31m long enough to be in the way of others\tnever\n"
    );
}

#[test]
fn a_terminal_gets_aligned_columns_within_its_width() {
    let text = tokens().render(&StreamStyle {
        width: 60,
        ..TERMINAL
    });
    let expected = "\
ID  NAME                                           EXPIRES
1   laptop                                         in 3 days
22  a name that is[31m long enough to be in the…   never
";
    assert_eq!(text, expected);
}

#[test]
fn a_narrow_terminal_gets_lists() {
    let text = tokens().render(&StreamStyle {
        width: 40,
        ..TERMINAL
    });
    let expected = "\
id:       1
name:     laptop
expires:  in 3 days

id:       22
name:     a name that is[31m long enough to be in the way of others
expires:  never
";
    assert_eq!(text, expected);
}

#[test]
fn fixed_columns_that_do_not_fit_become_lists_instead_of_being_cut() {
    let mut table = Table::new([Column::fixed("ID"), Column::flexible("NAME")]);
    let id = "x".repeat(90);
    table.add_row([id.clone().into(), "n".into()]);
    assert_eq!(table.render(&TERMINAL), format!("id:    {id}\nname:  n\n"));
}

#[test]
fn wrapped_columns_lose_no_text() {
    let mut table = Table::new([Column::fixed("VERDICT"), Column::wrapped("WHY")]);
    let reason =
        "the variable is set and takes precedence over every source that follows it in the list";
    table.add_row(["used".into(), reason.into()]);
    let expected = "\
VERDICT  WHY
used     the variable is set and takes precedence over every source that follows
         it in the list
";
    assert_eq!(table.render(&TERMINAL), expected);
    assert_eq!(
        table.render(&StreamStyle::PLAIN),
        format!("used\t{reason}\n")
    );
}

#[test]
fn sentences_in_a_narrow_column_become_lists() {
    let table = |width: usize| {
        let mut table = Table::new([
            Column::fixed("TOKEN"),
            Column::wrapped_between_words("FINDING"),
        ]);
        table.add_row(["t".repeat(width).into(), "is older than 95 days".into()]);
        table.render(&TERMINAL)
    };
    assert!(table(62).starts_with("TOKEN"));
    assert!(table(63).starts_with("token:"));
}

#[test]
fn words_are_not_broken_where_they_are_copied() {
    let id = "0123456789abcdef".repeat(2);
    let table = |columns: [Column; 2]| {
        let mut table = Table::new(columns);
        table.add_row([
            format!("nightly ({id})").into(),
            format!("brainmaps token revoke {id}").into(),
        ]);
        table.render(&TERMINAL)
    };
    let columns = ["TOKEN", "FIX"].map(Column::wrapped_between_words);
    let lines = [
        ("TOKEN", "FIX"),
        ("nightly", "brainmaps token revoke"),
        (&format!("({id})"), &id),
    ];
    let expected = lines.map(|(token, fix)| format!("{token:<41}{fix}\n"));
    let expected = expected.concat();
    assert_eq!(table(columns), expected);
    let [token, _] = ["TOKEN", "FIX"].map(Column::wrapped_between_words);
    let listed = table([token, Column::fixed("FIX")]);
    assert!(listed.starts_with("token:  nightly"), "{listed}");
    assert_eq!(listed.matches(&id).count(), 2, "{listed}");
}

fn with_optional_columns() -> Table {
    let mut table = Table::new([
        Column::fixed("ID"),
        Column::flexible("NAME"),
        Column::optional("CREATED"),
        Column::fixed("EXPIRES"),
        Column::optional("LAST USED"),
    ]);
    let id = "0".repeat(36);
    let cells = [
        "a rather long name",
        "2 days ago",
        "in 23 hours",
        "just now",
    ];
    table.add_row([id.into()].into_iter().chain(cells.map(Span::from)));
    table
}

#[test]
fn optional_columns_are_dropped_from_the_end_and_the_id_stays_whole() {
    let id = "0".repeat(36);
    assert_eq!(
        with_optional_columns().render(&TERMINAL),
        format!(
            "{:36}  {:18}  EXPIRES\n{id}  a rather long name  in 23 hours\n",
            "ID", "NAME"
        )
    );
}

#[test]
fn a_wide_table_shows_every_column() {
    let text = with_optional_columns().wide(true).render(&TERMINAL);
    assert!(text.contains("2 days ago  in 23 hours  just now"), "{text}");
}

#[test]
fn wide_characters_keep_the_columns_straight() {
    let mut table = Table::new([Column::flexible("NAME"), Column::fixed("X")]);
    table.add_row(["日本".into(), "1".into()]);
    table.add_row(["".into(), "2".into()]);
    assert_eq!(table.render(&TERMINAL), "NAME  X\n日本  1\n      2\n");
}

#[test]
fn without_rows_nothing_is_written() {
    assert_eq!(Table::new([Column::fixed("ID")]).render(&TERMINAL), "");
}

#[test]
fn styles_surround_the_text_and_not_the_padding() {
    let look = StreamStyle {
        colour: true,
        ..TERMINAL
    };
    let text = tokens().render(&look);
    assert!(text.contains("\u{1b}[1mlaptop\u{1b}[0m "), "{text:?}");
}

#[test]
fn later_pages_keep_titles_and_column_widths() {
    let mut table = tokens();
    let first = table.render_page(&TERMINAL);
    table.add_row(["1".into(), "short".into(), "never".into()]);
    let second = table.render_page(&TERMINAL);
    assert!(first.starts_with("ID  NAME"), "{first}");
    assert!(second.starts_with("1   short"), "{second}");
    assert_eq!(
        first.find("in 3 days"),
        first
            .lines()
            .next()
            .unwrap()
            .find("EXPIRES")
            .map(|at| at + first.lines().next().unwrap().len() + 1)
    );
    assert_eq!(
        second.find("never"),
        first.lines().next().unwrap().find("EXPIRES")
    );
    assert_eq!(table.render_page(&TERMINAL), "");
}
