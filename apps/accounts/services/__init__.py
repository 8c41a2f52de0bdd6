"""What accounts does: the only functions that others may call."""

from apps.accounts.services._addresses import (
    add_address,
    get_address,
    list_addresses,
    remove_address,
    replace_address,
)
from apps.accounts.services._dimensions import (
    find_sellers,
    get_channel,
    list_channels,
    save_channel,
    save_merchant,
    save_seller,
)
from apps.accounts.services._keys import account_key
from apps.accounts.services._profile import (
    get_preferences,
    get_profile,
    replace_preferences,
    update_profile,
)
from apps.accounts.services._registration import change_password, register
from apps.accounts.services._sign_in import (
    check_credentials,
    end_session,
    list_sessions,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from apps.accounts.services._tidy import forget_old_sessions
from apps.accounts.services._tokens import refresh_tokens
from apps.accounts.services._users import (
    USER_ORDER,
    assign_roles,
    get_user,
    list_users,
    set_user_active,
)
from apps.accounts.services._viewer import authenticate_token, viewer_of_token

__all__ = [
    "USER_ORDER",
    "account_key",
    "add_address",
    "assign_roles",
    "authenticate_token",
    "change_password",
    "check_credentials",
    "end_session",
    "find_sellers",
    "forget_old_sessions",
    "get_address",
    "get_channel",
    "get_preferences",
    "get_profile",
    "get_user",
    "list_addresses",
    "list_channels",
    "list_sessions",
    "list_users",
    "refresh_tokens",
    "register",
    "remove_address",
    "replace_address",
    "replace_preferences",
    "save_channel",
    "save_merchant",
    "save_seller",
    "set_user_active",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "update_profile",
    "viewer_of_token",
]
