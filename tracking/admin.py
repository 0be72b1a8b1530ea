"""The office in Django's admin: vehicles, regions with their watchers, tokens that are shown once, shares, refused fixes, and the audit."""

from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from django import forms
from django.contrib import admin, messages
from django.core.handlers.asgi import ASGIRequest
from django.db.models import QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest
from django.utils.html import format_html

from tracking.domain.fix import Reason
from tracking.models import (
    ApiToken,
    DeviceToken,
    DutySwitch,
    Look,
    RefusalTally,
    Region,
    RegionAccess,
    Rule,
    Share,
    Token,
    Vehicle,
)
from tracking.storage.refusals import adopt, unknown_names

if TYPE_CHECKING:
    VehicleModelAdmin: TypeAlias = admin.ModelAdmin[Vehicle]
    RuleModelAdmin: TypeAlias = admin.ModelAdmin[Rule]
    RegionModelAdmin: TypeAlias = admin.ModelAdmin[Region]
    TokenModelAdmin: TypeAlias = admin.ModelAdmin[Token]
    DutySwitchModelAdmin: TypeAlias = admin.ModelAdmin[DutySwitch]
    RefusalTallyModelAdmin: TypeAlias = admin.ModelAdmin[RefusalTally]
    LookModelAdmin: TypeAlias = admin.ModelAdmin[Look]
    RegionAccessTabular: TypeAlias = admin.TabularInline[RegionAccess, Region]
    RegionModelForm: TypeAlias = ModelForm[Region]
else:
    VehicleModelAdmin = RuleModelAdmin = RegionModelAdmin = TokenModelAdmin = admin.ModelAdmin
    DutySwitchModelAdmin = RefusalTallyModelAdmin = LookModelAdmin = admin.ModelAdmin
    RegionAccessTabular = admin.TabularInline
    RegionModelForm = ModelForm


@admin.register(Vehicle)
class VehicleAdmin(VehicleModelAdmin):
    """A vehicle that has fixes is put out of use or erased on its page, not deleted: its history would stay without a name."""

    list_display = ("slug", "name", "plate", "driver", "kind", "active")
    list_filter = ("active", "kind")
    search_fields = ("slug", "name", "plate", "driver")
    prepopulated_fields = {"slug": ("name",)}
    actions = ("put_in_use", "put_out_of_use")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Vehicles are deleted one by one, so that each is looked at."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request: HttpRequest, obj: Vehicle | None = None) -> bool:
        """Only for a vehicle that never sent a fix."""
        return super().has_delete_permission(request, obj) and (obj is None or not has_fixes(request, obj))

    def get_form(self, request: HttpRequest, obj: Vehicle | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Says why the delete button is not there."""
        help_text = (
            "An inactive vehicle's fixes are refused; its history stays. A vehicle that has fixes cannot be deleted here: "
            "its page leads to “What is known”, which erases it with all of that."
        )
        return super().get_form(request, obj, change=change, help_texts={"active": help_text}, **kwargs)

    @admin.action(description="Put in use", permissions=["change"])
    def put_in_use(self, request: HttpRequest, vehicles: QuerySet[Vehicle]) -> None:
        count = vehicles.filter(active=False).update(active=True)
        self.message_user(request, f"Put in use: {count}.")

    @admin.action(description="Put out of use: refuse their fixes, keep their history", permissions=["change"])
    def put_out_of_use(self, request: HttpRequest, vehicles: QuerySet[Vehicle]) -> None:
        count = vehicles.filter(active=True).update(active=False)
        self.message_user(request, f"Put out of use: {count}.")


def has_fixes(request: HttpRequest, vehicle: Vehicle) -> bool:
    """True as well when no store is at hand to ask."""
    services = request.scope.get("fleet") if isinstance(request, ASGIRequest) else None
    return services is None or bool(services.telemetry.load_latest([vehicle.pk]))


class RegionForm(RegionModelForm):
    """Takes a polygon as drawing programs export it: a geometry, a Feature, or a collection of one."""

    class Meta:
        model = Region
        fields = ("name", "slug", "colour", "min_stay_s", "polygon")
        widgets = {
            "polygon": forms.Textarea(
                attrs={"rows": 12, "cols": 100, "class": "vLargeTextField", "spellcheck": "false"}
            )
        }

    def clean_polygon(self) -> Any:
        """The bare geometry; the model judges it."""
        return geometry_of(self.cleaned_data["polygon"])


def geometry_of(value: Any) -> Any:
    """What a Feature, or a FeatureCollection of one, has as its geometry; anything else as it is."""
    if isinstance(value, dict) and value.get("type") == "FeatureCollection":
        features = value.get("features")
        return geometry_of(features[0]) if isinstance(features, list) and len(features) == 1 else value
    if isinstance(value, dict) and value.get("type") == "Feature":
        return value.get("geometry") or value
    return value


class RegionAccessInline(RegionAccessTabular):
    """Who may watch the region."""

    model = RegionAccess
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Region)
class RegionAdmin(RegionModelAdmin):
    """Polygons are edited as GeoJSON."""

    form = RegionForm
    list_display = ("name", "slug", "colour")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (RegionAccessInline,)


class TokenAdmin(TokenModelAdmin):
    """Shows the secret once, in the message that follows its making; the digest never."""

    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    readonly_fields = ("created_at", "revoked_at")
    actions = ("revoke_tokens",)
    owner: ClassVar[str]
    """The field that says whom or what the token stands for; it never changes."""

    def get_readonly_fields(self, request: HttpRequest, obj: Token | None = None) -> tuple[str, ...]:
        return self.readonly_fields if obj is None else (self.owner, *self.readonly_fields)

    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: bool) -> None:
        secret = None if change else obj.renew_secret()
        super().save_model(request, obj, form, change)
        if secret is not None:
            shown = format_html("The token is <code>{}</code> – copy it now, it cannot be shown again.", secret)
            self.message_user(request, shown, messages.WARNING)

    @admin.action(description="Revoke: the tokens open nothing any more", permissions=["change"])
    def revoke_tokens(self, request: HttpRequest, tokens: QuerySet[Token]) -> None:
        valid = list(tokens.filter(revoked_at=None))
        for token in valid:
            token.revoke()
        self.message_user(request, f"Revoked: {len(valid)}.")


@admin.register(Rule)
class RuleAdmin(RuleModelAdmin):
    """What is broken is listed at `/api/v1/alerts`; a rule that is changed or put out of use ends its alerts."""

    list_display = ("name", "kind", "region", "active")
    list_filter = ("active", "kind")
    list_select_related = ("region",)
    search_fields = ("name", "region__slug", "region__name")
    autocomplete_fields = ("region", "vehicles")
    fieldsets = (
        (None, {"fields": ("name", "kind", "region", "vehicles", "active")}),
        ("Limits", {"fields": ("limit_s", "limit_mps")}),
        ("Hours", {"fields": ("from_time", "to_time", "days", "time_zone")}),
    )


@admin.register(DeviceToken)
class DeviceTokenAdmin(TokenAdmin):
    """What devices post with."""

    owner = "vehicle"
    fields = ("label", "vehicle", "created_at", "revoked_at")
    list_display = ("__str__", "vehicle", "created_at", "revoked_at")
    list_select_related = ("vehicle",)
    search_fields = ("label", "vehicle__slug", "vehicle__name")
    autocomplete_fields = ("vehicle",)


@admin.register(ApiToken)
class ApiTokenAdmin(TokenAdmin):
    """What programs read with."""

    owner = "user"
    fields = ("label", "user", "created_at", "revoked_at")
    list_display = ("__str__", "user", "created_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("label", "user__username")

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """A token reads with its user's rights, so only a superuser makes one for someone else."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and field.queryset is not None and not request.user.is_superuser:
            field.queryset = field.queryset.filter(pk=request.user.pk)
        return field


@admin.register(Share)
class ShareAdmin(TokenAdmin):
    """Everybody's links; they are made on the live page or over REST, by those who may see what they show."""

    owner = "maker"
    list_display = ("__str__", "kind", "vehicle", "region", "maker", "created_at", "expires_at", "revoked_at")
    list_select_related = ("vehicle", "region", "maker")
    search_fields = ("label", "maker__username", "vehicle__slug", "region__slug")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        """Nothing of one share is edited; revoking is an action of the list."""
        return obj is None and super().has_change_permission(request)


@admin.register(Look)
class LookAdmin(LookModelAdmin):
    """Read only, for everybody: the audit."""

    list_display = ("at", "who", "kind", "vehicle", "region", "from_time", "to_time")
    list_filter = ("kind",)
    search_fields = ("who", "vehicle", "region")
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Look | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Look | None = None) -> bool:
        return False


@admin.register(DutySwitch)
class DutySwitchAdmin(DutySwitchModelAdmin):
    """Only drivers switch; a switch made by mistake is deleted."""

    list_display = ("time", "vehicle", "is_off", "device")
    list_filter = ("is_off",)
    list_select_related = ("vehicle", "device")
    search_fields = ("vehicle__slug", "vehicle__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: DutySwitch | None = None) -> bool:
        return False


@admin.register(RefusalTally)
class RefusalTallyAdmin(RefusalTallyModelAdmin):
    """Read only; what is deleted comes again with the next refused fix."""

    list_display = ("last_at", "device", "vehicle", "named", "reason", "count", "fix_time", "detail")
    list_filter = ("reason", ("vehicle", admin.EmptyFieldListFilter))
    list_select_related = ("device", "vehicle")
    search_fields = ("named", "device__label", "vehicle__slug", "vehicle__name")
    actions = ("adopt",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RefusalTally | None = None) -> bool:
        return False

    def has_adopt_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tracking.add_vehicle")

    @admin.action(description="Adopt: make vehicles of the names that nobody knows", permissions=["adopt"])
    def adopt(self, request: HttpRequest, tallies: QuerySet[RefusalTally]) -> None:
        """From then on the gateway's fixes of them are taken; what was refused is not stored anew."""
        names = unknown_names(tallies.filter(reason=Reason.UNKNOWN_VEHICLE).values_list("named", flat=True))
        adopted = adopt(names)
        self.message_user(request, f"Adopted: {', '.join(sorted(adopted)) or 'none'}.")
        if unfit := sorted(names - adopted):
            self.message_user(request, f"No slugs: {', '.join(map(repr, unfit))}.", messages.WARNING)
