//! The part of the border that this plugin uses, as the C headers in mortise/abi have it. Sizes are
//! asserted below; each struct's members stand in the order of the header.
#![allow(dead_code)]

use std::mem::size_of;
use std::os::raw::{c_char, c_void};

pub const ABI_VERSION: u32 = 0x0000_0002;

pub const OK: i32 = 0;
pub const REPLIED: i32 = 0;
pub const E_FAILED: i32 = -1;
pub const E_INVALID: i32 = -2;
pub const E_CANCELLED: i32 = -5;

pub const ROUTE_CONTENT: u32 = 2;

/// Bytes of somebody else; `data` may be null where `size` is 0.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct View {
    pub data: *const c_char,
    pub size: usize,
}

impl View {
    pub const fn of(bytes: &[u8]) -> View {
        View { data: bytes.as_ptr().cast(), size: bytes.len() }
    }

    /// # Safety
    /// What the view shows outlives 'a: the request, or the instance.
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.size == 0 {
            return &[];
        }
        std::slice::from_raw_parts(self.data.cast(), self.size)
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Field {
    pub name: View,
    pub value: View,
}

#[repr(C)]
pub struct Instance {
    _opaque: [u8; 0],
}

#[repr(C)]
pub struct Loop {
    _opaque: [u8; 0],
}

/// Valid until the handler returns.
#[repr(C)]
pub struct Request {
    pub size: u32,
    pub field_count: u32,
    pub parameter_count: u32,
    pub version: u32,
    pub method: View,
    pub target: View,
    pub path: View,
    pub query: View,
    pub authority: View,
    pub fields: *const Field,
    pub parameters: *const Field,
    pub content_length: i64,
    pub content: View,
    pub event_loop: *mut Loop,
    pub loop_state: *mut c_void,
    pub memory: *mut c_void,
    pub memory_size: usize,
}

/// Everything may lie on the stack: the host copies it before reply() returns.
#[repr(C)]
pub struct Reply {
    pub size: u32,
    pub status: u32,
    pub field_count: u32,
    pub reserved: u32,
    pub fields: *const Field,
    pub content: View,
    pub release: Option<unsafe extern "C" fn(*mut c_void)>,
    pub release_argument: *mut c_void,
}

pub type Handle = unsafe extern "C" fn(*mut c_void, u64, *const Request) -> i32;

#[repr(C)]
pub struct Route {
    pub size: u32,
    pub flags: u32,
    pub method: View,
    pub host: View,
    pub pattern: View,
    pub handle: Option<Handle>,
    pub user: *mut c_void,
    pub content_limit: u64,
}

#[repr(C)]
pub struct Host {
    pub size: u32,
    pub abi_version: u32,
    pub version: View,
    pub extension: unsafe extern "C" fn(View) -> *const c_void,
    pub add_route: unsafe extern "C" fn(*mut Instance, *const Route) -> i32,
    pub explain: unsafe extern "C" fn(*mut Instance, View),
    pub reply: unsafe extern "C" fn(u64, *const Reply) -> i32,
    pub allocate: unsafe extern "C" fn(u64, usize, usize) -> *mut c_void,
    pub on_cancel:
        unsafe extern "C" fn(u64, Option<unsafe extern "C" fn(*mut c_void)>, *mut c_void) -> i32,
    pub cancel: unsafe extern "C" fn(*mut c_void),
}

/// The one object that a plugin exports, under the name mortise_plugin.
#[repr(C)]
pub struct Plugin {
    pub size: u32,
    pub abi_version: u32,
    pub id: *const c_char,
    pub version: *const c_char,
    pub create:
        Option<unsafe extern "C" fn(*const Host, *mut Instance, *mut *mut c_void) -> i32>,
    pub configure: Option<unsafe extern "C" fn(*mut c_void) -> i32>,
    pub start: Option<unsafe extern "C" fn(*mut c_void) -> i32>,
    pub loop_start:
        Option<unsafe extern "C" fn(*mut c_void, *mut Loop, *mut *mut c_void) -> i32>,
    pub quiesce: Option<unsafe extern "C" fn(*mut c_void)>,
    pub loop_stop: Option<unsafe extern "C" fn(*mut c_void, *mut Loop, *mut c_void)>,
    pub destroy: Option<unsafe extern "C" fn(*mut c_void)>,
}

// Its pointers are to what never changes.
unsafe impl Sync for Plugin {}

/// The ELF note that repeats who the plugin is; the host reads it before it loads the file.
#[repr(C)]
pub struct Note {
    name_size: u32,
    descriptor_size: u32,
    kind: u32,
    name: [u8; 8],
    abi_version: u32,
    id: [u8; 64],
    version: [u8; 64],
}

impl Note {
    pub const fn of(id: &[u8], version: &[u8]) -> Note {
        Note {
            name_size: 8,
            descriptor_size: 132,
            kind: 1,
            name: *b"Mortise\0",
            abi_version: ABI_VERSION,
            id: padded(id),
            version: padded(version),
        }
    }
}

/// The text and NULs behind it, one at least.
const fn padded(text: &[u8]) -> [u8; 64] {
    assert!(text.len() < 64);
    let mut room = [0; 64];
    let mut at = 0;
    while at < text.len() {
        room[at] = text[at];
        at += 1;
    }
    room
}

const _: () = assert!(size_of::<View>() == 16);
const _: () = assert!(size_of::<Field>() == 32);
const _: () = assert!(size_of::<Request>() == 168);
const _: () = assert!(size_of::<Reply>() == 56);
const _: () = assert!(size_of::<Route>() == 80);
const _: () = assert!(size_of::<Host>() == 80);
const _: () = assert!(size_of::<Plugin>() == 80);
const _: () = assert!(size_of::<Note>() == 152);
