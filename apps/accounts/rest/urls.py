"""The routes of accounts under /api/v1."""

from django.urls import path

from apps.accounts.rest import views

urlpatterns = [
    path("auth/register", views.RegisterView.as_view()),
    path("auth/login", views.LoginView.as_view()),
    path("auth/refresh", views.RefreshView.as_view()),
    path("auth/logout", views.LogoutView.as_view()),
    path("me", views.ProfileView.as_view()),
    path("me/password", views.PasswordView.as_view()),
    path("me/preferences", views.PreferencesView.as_view()),
    path("me/sessions", views.SessionsView.as_view()),
    path("me/sessions/<uuid:id>", views.SessionView.as_view()),
    path("me/addresses", views.AddressesView.as_view()),
    path("me/addresses/<uuid:id>", views.AddressView.as_view()),
    path("users", views.UsersView.as_view()),
    path("users/<uuid:id>", views.UserView.as_view()),
    path("users/<uuid:id>/roles", views.RolesView.as_view()),
    path("users/<uuid:id>/active", views.ActiveView.as_view()),
    path("channels", views.ChannelsView.as_view()),
    path("channels/<str:code>", views.ChannelView.as_view()),
]
