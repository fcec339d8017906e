//! GET /my-plugin/{name} greets.
mod abi;

use std::mem::size_of;
use std::os::raw::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::null_mut;

/// One for each instance. Handlers are called on several threads at once: nothing changes in it
/// behind create().
struct Greeter {
    host: *const abi::Host,
    instance: *mut abi::Instance,
}

/// Nothing unwinds over the border: a panic costs its request a 500.
fn guarded(call: impl FnOnce() -> i32) -> i32 {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(abi::E_FAILED)
}

impl Greeter {
    /// Answers 200, and gives what a handler returns then. The host copies the reply.
    fn answer(&self, exchange: u64, content: &[u8]) -> i32 {
        let field = abi::Field {
            name: abi::View::of(b"Content-Type"),
            value: abi::View::of(b"text/plain; charset=utf-8"),
        };
        let reply = abi::Reply {
            size: size_of::<abi::Reply>() as u32,
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
        self.answer(exchange, &[b"Hello, ", name, b"!\n"].concat())
    }

    /// The host reports which rule a route breaks: there is nothing to explain.
    fn configure(&self) -> i32 {
        let route = abi::Route {
            size: size_of::<abi::Route>() as u32,
            flags: 0,
            method: abi::View::of(b"GET"),
            host: abi::View::of(b""),
            pattern: abi::View::of(b"/my-plugin/{name}"),
            handle: Some(greet_name),
            user: self as *const Greeter as *mut c_void,
            content_limit: 0,
        };
        unsafe { ((*self.host).add_route)(self.instance, &route) }
    }
}

// [loop] GET /my-plugin/{name}: the route's only parameter.
unsafe extern "C" fn greet_name(
    user: *mut c_void,
    exchange: u64,
    request: *const abi::Request,
) -> i32 {
    guarded(|| {
        let name = (*(*request).parameters).value.bytes();
        (*(user as *const Greeter)).greet(exchange, name)
    })
}

// [control]
unsafe extern "C" fn create(
    host: *const abi::Host,
    instance: *mut abi::Instance,
    state: *mut *mut c_void,
) -> i32 {
    guarded(|| {
        *state = Box::into_raw(Box::new(Greeter { host, instance })).cast();
        abi::OK
    })
}

// [control]
unsafe extern "C" fn configure(state: *mut c_void) -> i32 {
    guarded(|| (*(state as *const Greeter)).configure())
}

// [control]
unsafe extern "C" fn destroy(state: *mut c_void) {
    guarded(|| {
        drop(Box::from_raw(state as *mut Greeter));
        abi::OK
    });
}

#[used]
#[link_section = ".note.mortise"]
static NOTE: abi::Note = abi::Note::of(b"my-plugin", b"0.1.0");

#[no_mangle]
#[allow(non_upper_case_globals)]
pub static mortise_plugin: abi::Plugin = abi::Plugin {
    size: size_of::<abi::Plugin>() as u32,
    abi_version: abi::ABI_VERSION,
    id: b"my-plugin\0".as_ptr().cast(),
    version: b"0.1.0\0".as_ptr().cast(),
    create: Some(create),
    configure: Some(configure),
    start: None,
    loop_start: None,
    quiesce: None,
    loop_stop: None,
    destroy: Some(destroy),
};
