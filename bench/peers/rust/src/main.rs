// SPDX-License-Identifier: MIT

// Answers the rows of corsac's benchmark through tower-http's and actix-cors' layers.
// Usage: corsac-bench-peers ROWS.JSON

use std::alloc::{GlobalAlloc, Layout, System};
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::dev::{Service as _, ServiceRequest, ServiceResponse, Transform as _};
use futures_executor::block_on;
use serde::{Deserialize, Serialize};
use tower::{Layer as _, Service as _};

#[derive(Deserialize)]
struct Row {
    name: String,
    entries: Vec<String>,
    method: String,
    lines: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Asked {
    methods: Vec<String>,
    headers: Vec<String>,
    exposed: String,
    max_age: usize,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Measured<'a> {
    row: &'a str,
    kind: &'a str,
    way: &'a str,
    ns: Vec<f64>,
    allocations: f64,
    granted: bool,
}

struct Counting;
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        System.alloc(layout)
    }
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        System.dealloc(memory, layout)
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn cpu_time() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// `answer` says whether the origin was granted; `prepared` is not timed: a request is consumed.
fn measure<Request>(
    (row, kind, way): (&str, &str, &str),
    prepared: impl Fn() -> Request,
    mut answer: impl FnMut(Request) -> bool,
) {
    let granted = answer(prepared());
    let mut timed = |times: usize| {
        let requests: Vec<Request> = (0..times).map(|_| prepared()).collect();
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        let start = cpu_time();
        for request in requests {
            std::hint::black_box(answer(request));
        }
        let took = cpu_time() - start;
        (took, ALLOCATIONS.load(Ordering::Relaxed) - before)
    };
    let mut times = 1;
    while times < 4096 && timed(times).0 < 1e7 {
        times *= 2;
    }
    let samples: Vec<(f64, usize)> = (0..15).map(|_| timed(times)).collect();
    let measured = Measured {
        row,
        kind,
        way,
        ns: samples.iter().map(|(took, _)| took / times as f64).collect(),
        allocations: samples[0].1 as f64 / times as f64,
        granted,
    };
    println!("{}", serde_json::to_string(&measured).unwrap());
}

/// What a subdomain pattern means; the layers have none themselves.
#[derive(Clone)]
struct Origins {
    exact: Vec<String>,
    suffixes: Vec<String>,
}

impl Origins {
    fn of(entries: &[String]) -> Self {
        let (patterns, exact): (Vec<_>, Vec<_>) =
            entries.iter().cloned().partition(|entry| entry.contains('*'));
        let suffixes = patterns.iter().map(|entry| entry["https://*".len()..].into()).collect();
        Self { exact, suffixes }
    }
    fn has_pattern(&self, origin: &[u8]) -> bool {
        origin.starts_with(b"https://")
            && self.suffixes.iter().any(|suffix| origin.ends_with(suffix.as_bytes()))
    }
}

mod for_tower {
    use super::*;
    use http::{header, HeaderName, HeaderValue, Method, Request, Response};
    use tower_http::cors::{AllowOrigin, Cors, CorsLayer};

    type Answer = std::future::Ready<Result<Response<()>, Infallible>>;

    fn application(request: Request<()>) -> Answer {
        let mut response = Response::new(());
        if request.method() != Method::OPTIONS {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("8"));
            headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        std::future::ready(Ok(response))
    }

    fn layer(asked: &Asked, entries: &[String]) -> CorsLayer {
        let origins = Origins::of(entries);
        let names = |texts: &[String]| {
            texts.iter().map(|t| t.parse::<HeaderName>().unwrap()).collect::<Vec<_>>()
        };
        let mut methods = vec![Method::GET, Method::HEAD, Method::POST];
        methods.extend(asked.methods.iter().map(|m| m.parse().unwrap()));
        CorsLayer::new()
            .allow_origin(if origins.suffixes.is_empty() {
                AllowOrigin::list(entries.iter().map(|e| HeaderValue::from_str(e).unwrap()))
            } else {
                AllowOrigin::predicate(move |origin: &HeaderValue, _| {
                    origins.has_pattern(origin.as_bytes())
                })
            })
            .allow_methods(methods)
            .allow_headers(names(&asked.headers))
            .expose_headers(names(std::slice::from_ref(&asked.exposed)))
            .allow_credentials(true)
            .max_age(Duration::from_secs(asked.max_age as u64))
    }

    fn request_of(row: &Row) -> Request<()> {
        let mut request = Request::builder().method(row.method.as_str()).uri("/items/7");
        for (name, value) in &row.lines {
            request = request.header(name.as_str(), value.as_str());
        }
        request.body(()).unwrap()
    }

    pub fn measure_row(asked: &Asked, row: &Row) {
        let granted = |response: Response<()>| {
            response.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN)
        };
        let mut bare = tower::service_fn(application);
        let prepared = || request_of(row);
        measure((&row.name, "tower", "base"), prepared, |r| granted(block_on(bare.call(r)).unwrap()));
        let mut service: Cors<_> =
            layer(asked, &row.entries).layer(tower::service_fn(application));
        measure((&row.name, "tower", "tower-http"), prepared, |r| granted(block_on(service.call(r)).unwrap()));
    }
}

mod for_actix {
    use super::*;
    use actix_cors::Cors;
    use actix_web::http::header;
    use actix_web::{dev::fn_service, test::TestRequest, Error, HttpResponse};

    async fn application(request: ServiceRequest) -> Result<ServiceResponse, Error> {
        let response = if request.method() == actix_web::http::Method::OPTIONS {
            HttpResponse::Ok().finish()
        } else {
            HttpResponse::Ok()
                .insert_header((header::CONTENT_TYPE, "application/json"))
                .insert_header((header::CONTENT_LENGTH, "8"))
                .insert_header((header::VARY, "Accept-Encoding"))
                .finish()
        };
        Ok(request.into_response(response))
    }

    fn cors(asked: &Asked, entries: &[String]) -> Cors {
        let mut methods = vec!["GET", "HEAD", "POST"];
        methods.extend(asked.methods.iter().map(String::as_str));
        let mut cors = Cors::default()
            .allowed_methods(methods)
            .allowed_headers(asked.headers.iter().map(String::as_str))
            .expose_headers([asked.exposed.as_str()])
            .supports_credentials()
            .max_age(asked.max_age);
        let origins = Origins::of(entries);
        for entry in &origins.exact {
            cors = cors.allowed_origin(entry);
        }
        if origins.suffixes.is_empty() {
            return cors;
        }
        cors.allowed_origin_fn(move |origin, _| origins.has_pattern(origin.as_bytes()))
    }

    fn request_of(row: &Row) -> ServiceRequest {
        let mut request =
            TestRequest::with_uri("/items/7").method(row.method.parse().unwrap());
        for (name, value) in &row.lines {
            request = request.append_header((name.as_str(), value.as_str()));
        }
        request.to_srv_request()
    }

    pub fn measure_row(asked: &Asked, row: &Row) {
        let granted = |response: &header::HeaderMap| {
            response.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN)
        };
        let prepared = || request_of(row);
        let bare = fn_service(application);
        measure((&row.name, "actix", "base"), prepared, |r| {
            granted(block_on(bare.call(r)).unwrap().headers())
        });
        let service =
            block_on(cors(asked, &row.entries).new_transform(fn_service(application))).unwrap();
        measure((&row.name, "actix", "actix-cors"), prepared, |r| {
            block_on(service.call(r)).is_ok_and(|response| granted(response.headers()))
        });
    }
}

fn main() {
    let path = std::env::args().nth(1).expect("usage: corsac-bench-peers ROWS.JSON");
    let asked: Asked = serde_json::from_reader(std::fs::File::open(path).unwrap()).unwrap();
    for row in &asked.rows {
        for_tower::measure_row(&asked, row);
        for_actix::measure_row(&asked, row);
    }
}
