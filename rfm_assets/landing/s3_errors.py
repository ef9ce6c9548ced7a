"""Explains errors of S3 servers, with the way out."""

from collections.abc import Mapping
from types import MappingProxyType

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.parsers import ResponseParserError

# boto3 raises ValueError for an unusable setting.
S3_ERRORS = (BotoCoreError, ClientError, ResponseParserError, ValueError)

_CHECK_KEYS = "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile in AWS_PROFILE"
CHECK_ENDPOINT = "check AWS_ENDPOINT_URL and that the server can be reached from here"
_CHECK_REGION = "set AWS_REGION to the region of the bucket"
WAYS_OUT = {
    "NoSuchBucket": "create the bucket, or correct RFM_LANDING",
    "NoSuchKey": "it was listed but is gone: deliver it again, then run again",
    "PreconditionFailed": "it was replaced after it was listed: run again",
    "InvalidObjectState": "it is archived: restore it, then run again",
    "AccessDenied": "allow these credentials s3:ListBucket on the bucket and s3:GetObject on what is in it",
    "NoCredentialsError": "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    "HTTPClientError": "the request could not be built or sent: look for a line break in the AWS keys or token",
    "PartialCredentialsError": _CHECK_KEYS,
    "ProfileNotFound": _CHECK_KEYS,
    "InvalidAccessKeyId": _CHECK_KEYS,
    "SignatureDoesNotMatch": _CHECK_KEYS,
    "ExpiredToken": _CHECK_KEYS,
    "InvalidToken": _CHECK_KEYS,
    "EndpointConnectionError": CHECK_ENDPOINT,
    "ConnectTimeoutError": CHECK_ENDPOINT,
    "ResponseParserError": CHECK_ENDPOINT,
    "ValueError": CHECK_ENDPOINT,
    "SSLError": "check AWS_CA_BUNDLE and the certificate of AWS_ENDPOINT_URL",
    "RequestTimeTooSkewed": "set the clock of this machine",
    "PermanentRedirect": _CHECK_REGION,
    "AuthorizationHeaderMalformed": _CHECK_REGION,
    "IllegalLocationConstraintException": _CHECK_REGION,
}


def explain(error: Exception, *, other_ways_out: Mapping[str, str] = MappingProxyType({})) -> str:
    """The message of boto3 or the server, and what to do about it.

    Raise it `from None`: boto3's message may quote the header it failed on, and with it a token.
    """
    if isinstance(error, ClientError):
        code, said = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    else:
        code, said = type(error).__name__, "" if type(error) is HTTPClientError else str(error)
    ways_out = {**WAYS_OUT, **other_ways_out}
    way_out = ways_out.get(code, "run again; if that fails too, check the AWS settings and the server")
    return ": ".join(part for part in (code, said.rstrip("."), way_out) if part)
