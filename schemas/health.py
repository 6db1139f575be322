"""Health: whether the service runs and can answer."""

from marshmallow import fields

from schemas.base import ResponseSchema


class HealthResponse(ResponseSchema):
    status = fields.String(required=True, metadata={"description": "`ok`"})


class ReadinessResponse(HealthResponse):
    content_version = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)
    degraded = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "What does not work as it should; empty when all is well. "
            "`rate-limit-storage`: Redis is lost, and each machine counts for itself. "
            "`content-release`: the newest release of the content was refused, and an "
            "older one is served. New values may come."
        },
    )
