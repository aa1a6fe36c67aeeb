//! The platform through its public door, on both engines: every test here runs on `SQLite`, and on PostgreSQL where
//! `CROWDSMITH_TEST_POSTGRES` names a server (as `make test` does).

#![expect(clippy::print_stderr, reason = "a test that is not run says so")]

mod access;
mod audience;
mod behavior;
mod bulk;
mod leases;
mod openapi;
mod output_types;
mod pages;
mod places;
mod preview;
mod quality;
mod results;
mod rules;
mod site;
mod skips;
mod story;
mod together;
mod uploads;
