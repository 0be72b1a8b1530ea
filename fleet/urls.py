"""Where each page and API lives."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from tracking.pages import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.live, name="live"),
    path("bench/map", views.bench, name="bench"),
    path("login/", views.login, name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("tracking.api.urls")),
]
