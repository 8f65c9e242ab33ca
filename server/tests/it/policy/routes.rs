//! The routes that there are, read from the routers themselves.

use std::collections::BTreeSet;

use axum::Router;

use super::table::TABLE;
use crate::support::a_console;

const METHODS: [&str; 7] = ["get", "delete", "patch", "post", "put", "trace", "connect"];

/// Method and path of every route, from what axum writes of a router for debugging: it has no other list.
fn routes_of(router: &Router) -> BTreeSet<String> {
    let text = format!("{router:?}");
    let text = text.split("fallback_router: ").next().expect("what comes first");
    let (handlers, paths) = text.split_once("node: Node { paths: {").expect("axum's own words");
    let mut found = BTreeSet::new();
    for piece in paths.split("RouteId(").skip(1) {
        let Some((id, rest)) = piece.split_once("): \"") else { break };
        let path = rest.split('"').next().expect("a path");
        let handler = handlers.split_once(&format!("RouteId({id}): ")).expect("a handler").1;
        let handler = handler.split("RouteId(").next().expect("a handler");
        let has =
            |method: &str| handler.contains(&format!(" {method}: ")) && !handler.contains(&format!(" {method}: None"));
        let methods: Vec<&str> = METHODS.into_iter().filter(|method| has(method)).collect();
        // Whatever the method is, where none is named.
        let methods = if methods.is_empty() { &METHODS[..1] } else { &methods[..] };
        found.extend(methods.iter().map(|method| format!("{} {path}", method.to_uppercase())));
    }
    found
}

#[tokio::test]
async fn every_route_stands_in_the_table_and_nothing_else_does() {
    let console = a_console().await;
    let mut routes = routes_of(&console.people);
    routes.extend(routes_of(&console.cores));
    let functions: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(functions.len() > 50 && routes.len() > 50, "not all were found: {routes:?}");
    routes.extend(functions.iter().map(|(path, method)| format!("{method} {path}")));
    let listed: BTreeSet<String> = TABLE.iter().map(|row| row.name().to_owned()).collect();
    let missing: Vec<_> = routes.difference(&listed).collect();
    assert!(missing.is_empty(), "not in the table: {missing:#?}");
    let gone: Vec<_> = listed.difference(&routes).collect();
    assert!(gone.is_empty(), "no such route: {gone:#?}");
}
