// SPDX-License-Identifier: BSL-1.0
//! The smallest plugin in Rust, without a crate: GET / and GET /{name} greet, POST / answers its
//! content.
mod abi;

use std::os::raw::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::null_mut;

const MOST_CONTENT: u64 = 65536; // bytes; the host answers more with 413

/// One for each instance. The handlers of several loops read it at once: nothing changes in it
/// behind create().
struct Hello {
    host: *const abi::Host,
    instance: *mut abi::Instance,
}

/// Nothing unwinds over the border: a panic costs its request a 500.
fn guarded(call: impl FnOnce() -> i32) -> i32 {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(abi::E_FAILED)
}

/// The value of the first field or parameter with this name, without regard to case (RFC 9110,
/// 5.1).
fn find<'a>(pairs: &'a [abi::Field], name: &str) -> Option<&'a [u8]> {
    pairs
        .iter()
        .find(|pair| unsafe { pair.name.bytes() }.eq_ignore_ascii_case(name.as_bytes()))
        .map(|pair| unsafe { pair.value.bytes() })
}

/// Safe as long as the request is.
unsafe fn pairs<'a>(first: *const abi::Field, count: u32) -> &'a [abi::Field] {
    if count == 0 {
        return &[];
    }
    std::slice::from_raw_parts(first, count as usize)
}

impl Hello {
    /// Answers 200, and gives what a handler returns then.
    fn answer(&self, exchange: u64, media_type: &[u8], content: &[u8]) -> i32 {
        let field =
            abi::Field { name: abi::View::of(b"Content-Type"), value: abi::View::of(media_type) };
        let reply = abi::Reply {
            size: std::mem::size_of::<abi::Reply>() as u32,
            status: 200,
            field_count: 1,
            reserved: 0,
            fields: &field,
            content: abi::View::of(content),
            release: None,
            release_argument: null_mut(),
        };
        match unsafe { ((*self.host).reply)(exchange, &reply) } {
            // Refused, and answered with 500 by the host, or the client has left: it is over.
            abi::E_INVALID | abi::E_CANCELLED => abi::REPLIED,
            result => result,
        }
    }

    fn greet(&self, exchange: u64, name: &[u8]) -> i32 {
        let text = [b"Hello, ", name, b"!\n"].concat();
        self.answer(exchange, b"text/plain; charset=utf-8", &text)
    }

    fn add_route(&self, method: &[u8], pattern: &[u8], handle: abi::Handle, flags: u32) -> i32 {
        let route = abi::Route {
            size: std::mem::size_of::<abi::Route>() as u32,
            flags,
            method: abi::View::of(method),
            host: abi::View::of(b""),
            pattern: abi::View::of(pattern),
            handle: Some(handle),
            user: self as *const Hello as *mut c_void,
            content_limit: MOST_CONTENT,
        };
        unsafe { ((*self.host).add_route)(self.instance, &route) }
    }

    /// The host reports which rule a route breaks: there is nothing to explain.
    fn configure(&self) -> i32 {
        [
            self.add_route(b"GET", b"/", greet_world, 0),
            self.add_route(b"GET", b"/{name}", greet_name, 0),
            self.add_route(b"POST", b"/", echo, abi::ROUTE_CONTENT),
        ]
        .into_iter()
        .find(|result| *result != abi::OK)
        .unwrap_or(abi::OK)
    }
}

// [loop] GET /
unsafe extern "C" fn greet_world(user: *mut c_void, exchange: u64, _: *const abi::Request) -> i32 {
    guarded(|| (*(user as *const Hello)).greet(exchange, b"world"))
}

// [loop] GET /{name}
unsafe extern "C" fn greet_name(
    user: *mut c_void,
    exchange: u64,
    request: *const abi::Request,
) -> i32 {
    guarded(|| {
        let parameters = pairs((*request).parameters, (*request).parameter_count);
        match find(parameters, "name") {
            Some(name) => (*(user as *const Hello)).greet(exchange, name),
            None => abi::E_FAILED,
        }
    })
}

// [loop] POST /
unsafe extern "C" fn echo(user: *mut c_void, exchange: u64, request: *const abi::Request) -> i32 {
    guarded(|| {
        let fields = pairs((*request).fields, (*request).field_count);
        let media_type = find(fields, "Content-Type").unwrap_or(b"application/octet-stream");
        (*(user as *const Hello)).answer(exchange, media_type, (*request).content.bytes())
    })
}

// [control]
unsafe extern "C" fn create(
    host: *const abi::Host,
    instance: *mut abi::Instance,
    state: *mut *mut c_void,
) -> i32 {
    guarded(|| {
        *state = Box::into_raw(Box::new(Hello { host, instance })).cast();
        abi::OK
    })
}

// [control]
unsafe extern "C" fn configure(state: *mut c_void) -> i32 {
    guarded(|| (*(state as *const Hello)).configure())
}

// [control]
unsafe extern "C" fn destroy(state: *mut c_void) {
    guarded(|| {
        drop(Box::from_raw(state as *mut Hello));
        abi::OK
    });
}

#[used]
#[link_section = ".note.mortise"]
static NOTE: abi::Note = abi::Note::of(b"hello-rust", b"1.0.0");

#[no_mangle]
#[allow(non_upper_case_globals)]
pub static mortise_plugin: abi::Plugin = abi::Plugin {
    size: std::mem::size_of::<abi::Plugin>() as u32,
    abi_version: abi::ABI_VERSION,
    id: b"hello-rust\0".as_ptr().cast(),
    version: b"1.0.0\0".as_ptr().cast(),
    create: Some(create),
    configure: Some(configure),
    start: None,
    loop_start: None,
    quiesce: None,
    loop_stop: None,
    destroy: Some(destroy),
};
