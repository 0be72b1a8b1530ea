"""One view that takes positions in, as a tutorial writes it."""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer
from rest_framework.views import APIView

from benchmarks.peers.usual.models import Position


class PositionSerializer(ModelSerializer):  # type: ignore[misc]
    class Meta:
        model = Position
        fields = ("vehicle", "fix_time", "lat", "lon", "speed_mps", "course_deg", "accuracy_m")


class Fixes(APIView):  # type: ignore[misc]
    def post(self, request: Request) -> Response:
        """A list is saved row by row, as serializers do."""
        is_many = isinstance(request.data, list)
        serializer = PositionSerializer(data=request.data, many=is_many)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response({"stored": len(request.data) if is_many else 1})


urlpatterns = [path("api/v1/fixes", Fixes.as_view())]
