"""Where each page and API lives."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from tracking.pages import (
    audit,
    drive,
    front_end,
    history,
    lab,
    language,
    ops,
    refusals,
    rules,
    shares,
    vehicle,
    vehicle_data,
    views,
    visits,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.live, name="live"),
    path("history", history.page, name="history"),
    path("audit", audit.page, name="audit"),
    path("rules", rules.page, name="rules"),
    path("visits", visits.page, name="visits"),
    path("lab", lab.lab, name="lab"),
    path("lab/cpu", lab.cpu),
    path("lab/headers", lab.request_headers),
    path("ops", ops.page, name="ops"),
    path("ops/reports", ops.reports),
    path("ops/orders", ops.order),
    path("refusals", refusals.page, name="refusals"),
    path("s", shares.share, name="share"),
    path("shares", shares.shares, name="shares"),
    path("favicon.ico", front_end.favicon),
    path("drive", drive.page, name="drive"),
    path("drive-worker.js", drive.worker, name="drive-worker"),
    path("vehicles/<slug:slug>", vehicle.page, name="vehicle"),
    path("vehicles/<slug:slug>/pair", vehicle.pair, name="vehicle-pair"),
    path("vehicles/<slug:slug>/apps", vehicle.connect_app, name="vehicle-app"),
    path("vehicles/<slug:slug>/devices/<int:token>/revoke", vehicle.revoke, name="vehicle-revoke"),
    path("vehicles/<slug:slug>/data", vehicle_data.page, name="vehicle-data"),
    path("vehicles/<slug:slug>/erase", vehicle_data.erase, name="vehicle-erase"),
    path("bench/map", views.bench, name="bench"),
    path("language", language.choose, name="language"),
    path("login/", views.login, name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("tracking.api.urls")),
]
