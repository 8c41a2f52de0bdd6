"""The routes of jobs under /api/v1."""

from django.urls import path

from ecommerce.jobs.rest import views

urlpatterns = [
    path("jobs/<uuid:id>", views.JobDetail.as_view()),
    path("jobs/<uuid:id>/errors", views.JobErrors.as_view()),
    path("jobs/<uuid:id>/errors.csv", views.JobErrorsFile.as_view()),
    path("jobs/<uuid:id>/result", views.JobResult.as_view()),
    path("jobs/<uuid:id>/cancel", views.JobCancel.as_view()),
    path("imports/<uuid:id>", views.ImportDetail.as_view()),
    path("exports/<uuid:id>", views.ExportDetail.as_view()),
]
