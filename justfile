# Tasks for contributors: `just TASK`. CONTRIBUTING.md explains them.

# Compile and lint everything
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Run the fast tests
test *ARGS:
    cargo test --workspace --locked {{ARGS}}

# Run every check and every test, as CI does; installs what is missing on Debian
slow:
    ./tests/run

# Measure start-up, throughput and memory; see benches/README.md
bench:
    cargo bench --bench whole_process
    cargo bench --bench many_tokens
    cargo bench --bench visual

# Fuzz all or some targets: just fuzz 60 service dotenv
fuzz *ARGS:
    ./tests/fuzz {{ARGS}}

# Write the generated documents: completions, command reference, conformance table
docs:
    UPDATE_COMPLETIONS=1 cargo test --locked --test it architecture::completions
    ./tests/conformance

# Draw the pictures and the key table of docs/guide/tui.md
pictures:
    ./tests/pictures
