//! Says that the server is being asked, for the bar above the page: the style sheet shows it after 400 ms.

use std::{cell::Cell, rc::Rc};

use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast as _, JsValue, closure::Closure},
    web_sys::js_sys::{Function, Promise, Reflect},
};

/// From now on the document says while an answer is awaited. Every page and every action asks by `fetch`, so that is
/// where it is seen; nothing else has to tell.
pub fn watch() {
    let Some(root) = document().document_element() else { return };
    let Some(fetch) = Reflect::get(&window(), &"fetch".into()).ok().and_then(|it| it.dyn_into::<Function>().ok())
    else {
        return;
    };
    let awaited = Rc::new(Cell::new(0_u32));
    let tell = move |change: i32| {
        awaited.set(awaited.get().saturating_add_signed(change));
        let _ =
            if awaited.get() > 0 { root.set_attribute("data-busy", "") } else { root.remove_attribute("data-busy") };
    };
    let done = Closure::<dyn FnMut(JsValue)>::new({
        let tell = tell.clone();
        move |_| tell(-1)
    });
    let asking = Closure::<dyn Fn(JsValue, JsValue) -> Result<JsValue, JsValue>>::new(move |what, how| {
        let answer = fetch.call2(&window(), &what, &how)?;
        if let Some(promise) = answer.dyn_ref::<Promise>() {
            tell(1);
            let _ = promise.then2(&done, &done);
        }
        Ok(answer)
    });
    let _ = Reflect::set(&window(), &"fetch".into(), &asking.into_js_value());
}
