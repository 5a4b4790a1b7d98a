//! One call as a state machine, for runners that cannot keep a request on a stack: JavaScript sends, this
//! decides.
//!
//! In: how to build the request and read its answer, what came back, the time. Out: the request to send, the
//! result, the time to wait, or the error. Rule: a request is sent again only as [`crate::retry`] allows, and
//! built anew each time; a token that was refused is replaced once, since such a request did nothing.

use crate::error::{Error, ErrorKind};
use crate::http::{Request, Response};
use crate::retry::{Failure, Repeat, RetryPolicy, retry_after_s};
use std::fmt;
use zeroize::Zeroize;

type Build = Box<dyn FnMut(u64) -> Result<Request, Error>>;
type Read<T> = Box<dyn FnMut(&Response, u64) -> Result<T, Error>>;

/// How the access token of a call is given up.
struct TokenUse {
    is_refusal: fn(&Error) -> bool,
    discard: Box<dyn FnMut()>,
    replaced: bool,
}

/// A call that is under way. `Debug` shows how often it was sent.
pub struct Call<T> {
    build: Build,
    read: Read<T>,
    token: Option<TokenUse>,
    repeat: Repeat,
    limit: usize,
    policy: RetryPolicy,
    tries_made: u32,
}

/// What to do after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn<T> {
    /// It is over.
    Done(T),
    /// Wait so many ms, then send again.
    Wait(u64),
    /// The access token was refused and is forgotten: get another one, then send again.
    RenewToken,
}

/// How a request failed without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// No connection was made.
    NotSent,
    /// The connection broke.
    Broken,
    /// No answer in time.
    TimedOut,
    /// The answer was over [`Call::limit`].
    TooLarge,
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("tries_made", &self.tries_made).finish_non_exhaustive()
    }
}

impl<T> Call<T> {
    /// A call whose request `build` makes at a time in ms since 1970, and whose answer of at most `limit`
    /// bytes `read` reads at a time of the same clock.
    pub fn new(
        repeat: Repeat,
        limit: usize,
        build: impl FnMut(u64) -> Result<Request, Error> + 'static,
        read: impl FnMut(&Response, u64) -> Result<T, Error> + 'static,
    ) -> Self {
        Self {
            build: Box::new(build),
            read: Box::new(read),
            token: None,
            repeat,
            limit,
            policy: RetryPolicy::default(),
            tries_made: 0,
        }
    }

    /// The same call with an access token: where `is_refusal` says that an error is about the token, `discard`
    /// forgets it, once.
    #[must_use]
    pub fn with_token(mut self, is_refusal: fn(&Error) -> bool, discard: impl FnMut() + 'static) -> Self {
        self.token = Some(TokenUse { is_refusal, discard: Box::new(discard), replaced: false });
        self
    }

    /// The same call with another retry policy.
    #[must_use]
    pub fn with_policy(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Largest answer to read, in bytes. A larger one is [`Lost::TooLarge`].
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// The request to send now, `now_ms` since 1970.
    pub fn request(&mut self, now_ms: u64) -> Result<Request, Error> {
        self.tries_made += 1;
        (self.build)(now_ms)
    }

    /// What an answer comes to; `retry_after` is its header. The body is wiped.
    pub fn answered(
        &mut self,
        mut response: Response,
        retry_after: Option<&str>,
        now_ms: u64,
    ) -> Result<Turn<T>, Error> {
        let asked_s = retry_after.and_then(|text| retry_after_s(text, now_ms / 1000));
        let failure = Failure::Status(response.status);
        if let Some(wait_ms) = self.policy.wait_ms(self.tries_made, self.repeat, failure, asked_s) {
            return Ok(Turn::Wait(wait_ms));
        }
        let read = (self.read)(&response, now_ms);
        response.body.zeroize();
        let error = match read {
            Ok(value) => return Ok(Turn::Done(value)),
            Err(error) => error.with_retry_after(asked_s),
        };
        match &mut self.token {
            Some(token) if !token.replaced && (token.is_refusal)(&error) => {
                (token.discard)();
                token.replaced = true;
                self.tries_made = 0;
                Ok(Turn::RenewToken)
            }
            _ => Err(error),
        }
    }

    /// What a try without an answer comes to.
    pub fn failed(&mut self, how: Lost) -> Result<Turn<T>, Error> {
        let failure = match how {
            Lost::NotSent => Failure::NotSent,
            Lost::Broken | Lost::TimedOut => Failure::Lost,
            Lost::TooLarge => {
                return Err(Error::new(ErrorKind::ResponseTooLarge, "an answer over its limit"));
            }
        };
        if let Some(wait_ms) = self.policy.wait_ms(self.tries_made, self.repeat, failure, None) {
            return Ok(Turn::Wait(wait_ms));
        }
        Err(match how {
            Lost::TimedOut => Error::new(ErrorKind::RequestTimeout, "no answer in time"),
            _ => Error::new(ErrorKind::NetworkLost, "no connection, or it broke"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;
    use std::cell::Cell;
    use std::rc::Rc;
    use url::Url;

    const NOW_MS: u64 = 1_700_000_000_000;

    fn request() -> Request {
        let url = Url::parse("https://api.example/x").expect("url");
        Request { method: Method::Post, url, headers: Vec::new(), body: Vec::new() }
    }

    fn read(response: &Response) -> Result<String, Error> {
        match response.status {
            200 => Ok(String::from_utf8(response.body.clone()).expect("text")),
            status => Err(Error::refused(status, "", "")),
        }
    }

    fn call(repeat: Repeat) -> (Call<String>, Rc<Cell<u32>>) {
        let built = Rc::new(Cell::new(0));
        let counter = built.clone();
        let build = move |now_ms| {
            assert_eq!(now_ms, NOW_MS);
            counter.set(counter.get() + 1);
            Ok(request())
        };
        (Call::new(repeat, 1024, build, |response, _| read(response)), built)
    }

    fn answer(
        call: &mut Call<String>,
        status: u16,
        retry_after: Option<&str>,
    ) -> Result<Turn<String>, Error> {
        call.request(NOW_MS).expect("request");
        call.answered(Response { status, body: b"body".to_vec() }, retry_after, NOW_MS)
    }

    #[test]
    fn a_safe_call_is_built_anew_for_each_of_three_tries() {
        let (mut call, built) = call(Repeat::Safe);
        assert_eq!(answer(&mut call, 503, None).expect("again"), Turn::Wait(500));
        assert_eq!(answer(&mut call, 503, Some("3")).expect("again"), Turn::Wait(3000));
        assert_eq!(answer(&mut call, 503, None).expect_err("over").status(), Some(503));
        assert_eq!(built.get(), 3);
    }

    #[test]
    fn what_changes_something_is_sent_again_only_if_it_never_left() {
        let (mut call, _) = call(Repeat::UnsentOnly);
        call.request(NOW_MS).expect("request");
        assert_eq!(call.failed(Lost::NotSent).expect("again"), Turn::Wait(500));
        call.request(NOW_MS).expect("request");
        assert_eq!(call.failed(Lost::Broken).expect_err("over").kind(), ErrorKind::NetworkLost);
        let (mut call, _) = self::call(Repeat::UnsentOnly);
        call.request(NOW_MS).expect("request");
        assert_eq!(call.failed(Lost::TimedOut).expect_err("over").kind(), ErrorKind::RequestTimeout);
        let error = answer(&mut self::call(Repeat::UnsentOnly).0, 429, Some("7")).expect_err("over");
        assert_eq!((error.status(), error.retry_after_s()), (Some(429), Some(7)));
    }

    #[test]
    fn a_wait_that_is_asked_for_beyond_ours_goes_to_the_caller() {
        let error = answer(&mut call(Repeat::Safe).0, 503, Some("60")).expect_err("over");
        assert_eq!((error.retryable(), error.retry_after_s()), (true, Some(60)));
    }

    #[test]
    fn an_answer_over_its_limit_is_an_error_and_not_asked_for_again() {
        let (mut call, _) = call(Repeat::Safe);
        call.request(NOW_MS).expect("request");
        assert_eq!(call.failed(Lost::TooLarge).expect_err("large").kind(), ErrorKind::ResponseTooLarge);
        assert_eq!(call.limit(), 1024);
    }

    #[test]
    fn a_refused_token_is_replaced_once() {
        let (call, built) = call(Repeat::UnsentOnly);
        let discarded = Rc::new(Cell::new(0));
        let counter = discarded.clone();
        let mut call =
            call.with_token(|error| error.status() == Some(401), move || counter.set(counter.get() + 1));
        assert_eq!(answer(&mut call, 401, None).expect("renew"), Turn::RenewToken);
        assert_eq!(answer(&mut call, 401, None).expect_err("refused").status(), Some(401));
        assert_eq!((discarded.get(), built.get()), (1, 2));
        let (call, _) = self::call(Repeat::Safe);
        let mut call = call.with_token(|error| error.status() == Some(401), || ());
        assert_eq!(answer(&mut call, 401, None).expect("renew"), Turn::RenewToken);
        assert_eq!(answer(&mut call, 200, None).expect("done"), Turn::Done("body".to_owned()));
    }
}
