"""The API's documentation, under /api."""

from django.urls import path

from ecommerce.http import documents

urlpatterns = [
    path("schema", documents.SchemaView.as_view(), name="schema"),
    path("docs", documents.DocsView.as_view(), name="docs"),
    path("problems", documents.ProblemTypesView.as_view()),
    path("problems/<path:code>", documents.ProblemTypeView.as_view()),
]
