"""Every error that a caller can see: one class per problem type (RFC 9457), raised and never returned.

The edge turns any of them into `application/problem+json`; the slug is served at `/v1/problems/<slug>`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: where (exactly one of the three places), which rule, and what to do.

    `pointer` is a JSON Pointer (RFC 6901) into the body, `parameter` a query parameter, `header` a header field.
    `message` never repeats the value that was sent.
    """

    message: str
    code: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None


class ProblemError(Exception):
    """The root: a status, a slug and a title per class; a detail, faults and headers per occurrence."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "The register failed"
    advice: ClassVar[str] = "Try again later; if it goes on, report the request id in `instance`."

    def __init__(
        self,
        detail: str | None = None,
        *,
        faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
        related: Sequence[str] = (),
    ) -> None:
        """Keep what this occurrence adds: `related` are ids of records that the caller may look at."""
        super().__init__(detail or self.title)
        self.detail = detail or self.advice
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        self.related = tuple(related)


class MalformedRequest(ProblemError):
    """400: the JSON text, a query parameter, a cursor or a header cannot be read."""

    status = 400
    slug = "malformed-request"
    title = "The request cannot be read"
    advice = "Mend what `errors` names and send the request again."


class Unauthorised(ProblemError):
    """401: no key where one is needed, or one that is not good; never says which (RFC 6750, section 3.1)."""

    status = 401
    slug = "unauthorised"
    title = "A valid key is needed"
    advice = "Send one API key, as `Authorization: Bearer …` or `X-API-Key: …`; ask the register's office for one."

    def __init__(self) -> None:
        """Be the same for every kind of bad key."""
        super().__init__(headers={"WWW-Authenticate": "Bearer"})


class Forbidden(ProblemError):
    """403: the key is good, but not for this."""

    status = 403
    slug = "forbidden"
    title = "This key may not do that"
    advice = "Ask the office that keeps the record, or the register's own office."


class RequestRefused(Forbidden):
    """403: the firewall in front of the API took the request for an attack; the gateway says so."""

    slug = "request-refused"
    title = "The request looks like an attack"
    advice = "If it was meant well, report the request id in `instance`."


class NotFound(ProblemError):
    """404: no such path or record."""

    status = 404
    slug = "not-found"
    title = "There is nothing here"
    advice = "Check the path against /v1/openapi.json, and the id against a list."


class MethodNotAllowed(ProblemError):
    """405: the path exists, but not with this method; `Allow` names those that do (RFC 9110, section 15.5.6)."""

    status = 405
    slug = "method-not-allowed"
    title = "This path does not take that method"
    advice = "Use one of the methods in the Allow header."


class NotAcceptable(ProblemError):
    """406: no representation fits the Accept header."""

    status = 406
    slug = "not-acceptable"
    title = "No representation fits"
    advice = "Accept application/json."


class Conflict(ProblemError):
    """409: the write contradicts what other records say."""

    status = 409
    slug = "conflict"
    title = "Another record stands against this"
    advice = "Look at the records that the problem names, change those first, then try again."


class StillReferred(Conflict):
    """409: the record cannot go while others refer to it; `related` names up to 20 of them."""

    slug = "still-referred"
    title = "Other records refer to this one"
    advice = "Change or delete the records in `related` first."


class StillHasKeys(Conflict):
    """409: an organisation cannot go while it can still write."""

    slug = "still-has-keys"
    title = "This organisation still has keys"
    advice = "Have the register's office revoke every key of the organisation first, ended ones included."


class ExternalIdTaken(Conflict):
    """409: a pair of scheme and value belongs to another record."""

    slug = "external-id-taken"
    title = "That external id belongs to another record"
    advice = "Each pair of scheme and value is unique in the register; use the record in `related`, or another value."


class AnsweredAlready(Conflict):
    """409: another request with the same Idempotency-Key is being answered; `Retry-After` says when to ask again."""

    slug = "idempotency-key-in-use"
    title = "The same request is being answered already"
    advice = "Send the request again after the seconds in Retry-After to get that answer."

    def __init__(self) -> None:
        """Come back in a second."""
        super().__init__(headers={"Retry-After": "1"})


class MembershipOverlap(Conflict):
    """409: two memberships of the same pair would certainly hold on the same day."""

    slug = "membership-overlap"
    title = "That pair already has a membership for this time"
    advice = "End the membership in `related` before the new one begins."


class GradeInUse(Conflict):
    """409: a membership grade cannot go while memberships carry its code."""

    slug = "grade-in-use"
    title = "Memberships still carry that grade"
    advice = "Change the grade of those memberships first."


class Gone(ProblemError):
    """410: the record was deleted; its history stays."""

    status = 410
    slug = "gone"
    title = "This record was deleted"
    advice = "Nothing brings it back under this id; create a new record if it was a mistake."


class Merged(Gone):
    """410: the record was found to be another one; `related` names that. Reads are led there (308)."""

    slug = "merged"
    title = "This record was merged into another one"
    advice = "Use the record in `related`, which carries its names and everything that referred to it."

    def __init__(self, heirs: Mapping[str, str]) -> None:
        """Take the ids of the records that are no more, each with that of the one in its place."""
        super().__init__(related=[*heirs.values()])
        self.heirs = heirs


class FeedRestarted(ProblemError):
    """410: the register was restored, so the place that a cursor names may never have been."""

    status = 410
    slug = "feed-restarted"
    title = "The feed has begun anew"
    advice = "Throw away what you keep of the register, and read the feed again from its beginning, without `after`."


class PreconditionFailed(ProblemError):
    """412: the version in If-Match is not the current one (RFC 9110, section 13.1.1); `ETag` carries the current."""

    status = 412
    slug = "precondition-failed"
    title = "The record has changed meanwhile"
    advice = "Read it again, apply your change to that version, and send its ETag in If-Match."


class ContentTooLarge(ProblemError):
    """413: the body is larger than 256 KB."""

    status = 413
    slug = "content-too-large"
    title = "The body is too large"
    advice = "Send at most 256 KB."


class UriTooLong(ProblemError):
    """414: the path and query together are too long."""

    status = 414
    slug = "uri-too-long"
    title = "The address is too long"
    advice = "Use fewer or shorter query parameters."


class UnsupportedMediaType(ProblemError):
    """415: the body's media type or coding is not taken here.

    `Accept`, `Accept-Patch` and `Accept-Encoding` say what is (RFC 9110, section 15.5.16; RFC 5789, section 2.2).
    """

    status = 415
    slug = "unsupported-media-type"
    title = "The body's media type is not taken here"
    advice = "Send application/json, and application/merge-patch+json with PATCH."


class InvalidContent(ProblemError):
    """422: the JSON text is well-formed, but breaks rules of the record; `errors` names them all."""

    status = 422
    slug = "invalid-content"
    title = "The content breaks rules of the register"
    advice = "Mend everything that `errors` names; nothing was written."


class IdempotencyKeyReused(ProblemError):
    """422: the Idempotency-Key came with another request before."""

    status = 422
    slug = "idempotency-key-reused"
    title = "That Idempotency-Key belongs to another request"
    advice = "Draw a new key for each request, and use it again only to repeat that very request."


class PreconditionRequired(ProblemError):
    """428: PUT, PATCH and DELETE need If-Match (RFC 6585, section 3)."""

    status = 428
    slug = "precondition-required"
    title = "If-Match is missing"
    advice = "Read the record, and send its ETag in If-Match, so that nobody's change is lost."


class TooManyRequests(ProblemError):
    """429: the key's quota of writes is used up for now; `Retry-After` says when it is filled again (RFC 6585)."""

    status = 429
    slug = "too-many-requests"
    title = "The quota of this key is used up"
    advice = "Send the same request again after the seconds in Retry-After."


class Unavailable(ProblemError):
    """503: a passing state; `Retry-After` says when to come back (seconds)."""

    status = 503
    slug = "unavailable"
    title = "The register is busy"
    advice = "Send the same request again after the seconds in Retry-After."

    def __init__(self, detail: str | None = None, *, retry_after: int = 1) -> None:
        """Name the seconds after which a retry is worth its while."""
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class Throttled(Unavailable):
    """503: DynamoDB refused for its rate; nothing was written."""

    slug = "throttled"
    title = "Too much at once"


class WriteContention(Unavailable):
    """503: others kept changing the same records for as long as we tried; nothing was written."""

    slug = "write-contention"
    title = "Others are changing the same records"


class ClockBehind(Unavailable):
    """503: this machine's clock lies so far behind the record's last change that a later stamp would be a lie."""

    slug = "clock-behind"
    title = "The clock of this machine is behind"


class OutcomeUnknown(Unavailable):
    """503: the write was sent, but no answer came; it may or may not have happened."""

    slug = "outcome-unknown"
    title = "Whether the write happened is not known"
    advice = "Read the record before you send the write again."


class CatchingUp(Unavailable):
    """503: the lists are more changes behind than can be read before an answer; never a silently old list."""

    slug = "catching-up"
    title = "The lists are catching up"


class ExportMissing(Unavailable):
    """503: there is no export; the next one is being written, or will be."""

    slug = "export-missing"
    title = "There is no export just now"
    advice = "Come back after the seconds in Retry-After; after an erasure all exports are deleted and written anew."


PROBLEMS: Mapping[str, type[ProblemError]] = {
    problem.slug: problem
    for problem in (
        ProblemError,
        MalformedRequest,
        Unauthorised,
        Forbidden,
        RequestRefused,
        NotFound,
        MethodNotAllowed,
        NotAcceptable,
        Conflict,
        StillReferred,
        StillHasKeys,
        ExternalIdTaken,
        AnsweredAlready,
        MembershipOverlap,
        GradeInUse,
        Gone,
        Merged,
        FeedRestarted,
        PreconditionFailed,
        ContentTooLarge,
        UriTooLong,
        UnsupportedMediaType,
        InvalidContent,
        IdempotencyKeyReused,
        PreconditionRequired,
        TooManyRequests,
        Unavailable,
        ExportMissing,
        Throttled,
        WriteContention,
        ClockBehind,
        OutcomeUnknown,
        CatchingUp,
    )
}
"""Every problem type by its slug, as `/v1/problems/<slug>` serves them."""
