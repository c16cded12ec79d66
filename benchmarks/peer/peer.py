"""The standing peer: Django REST framework over the very table zhifa serves, as its tutorial would write it.

No token, no rights, no audit, no outbox, no idempotency: everything zhifa does beside is in zhifa's figures only.
"""

from __future__ import annotations

import os
import uuid
from urllib.parse import urlsplit

import django
from django.conf import settings

database = urlsplit(os.environ["PEER_DATABASE_URL"])
settings.configure(
    DEBUG=False,
    SECRET_KEY=os.environ["PEER_SECRET"],
    ALLOWED_HOSTS=["127.0.0.1"],
    USE_TZ=True,
    INSTALLED_APPS=["rest_framework"],
    ROOT_URLCONF=__name__,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": database.hostname,
            "PORT": database.port,
            "USER": database.username,
            "PASSWORD": database.password,
            "NAME": database.path.lstrip("/"),
            "CONN_MAX_AGE": 600,
            "OPTIONS": {"options": "-c search_path=directory"},
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    },
)
django.setup()

from django.contrib.postgres.fields import ArrayField  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.urls import include, path  # noqa: E402
from rest_framework import pagination, routers, serializers, viewsets  # noqa: E402


class Unit(models.Model):
    """The table as it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    district_id = models.UUIDField()
    parent_id = models.UUIDField(null=True)
    path = ArrayField(models.UUIDField())
    code = models.TextField(unique=True)
    name = models.TextField()
    short_name = models.TextField()
    kind = models.TextField()
    enforcement = models.BooleanField(default=False)
    granting = models.BooleanField(default=False)
    vertical = models.BooleanField(default=False)
    assumed = models.BooleanField(default=False)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "peer"
        managed = False
        db_table = "units"


class UnitSerializer(serializers.ModelSerializer):
    class Meta:
        model = Unit
        exclude = ("path",)
        read_only_fields = ("id", "district_id", "version")

    def create(self, validated: dict) -> Unit:
        own = uuid.uuid4()
        return Unit.objects.create(id=own, district_id=own, path=[own], **validated)


class ByCode(pagination.CursorPagination):
    page_size = 50
    ordering = "code"


class UnitViewSet(viewsets.ModelViewSet):
    queryset = Unit.objects.all()
    serializer_class = UnitSerializer
    pagination_class = ByCode

    def get_queryset(self):
        district = self.request.query_params.get("district_id")
        return self.queryset.filter(district_id=district) if district else self.queryset


router = routers.SimpleRouter(trailing_slash=False)
router.register("units", UnitViewSet)
urlpatterns = [path("", include(router.urls))]
application = get_wsgi_application()
