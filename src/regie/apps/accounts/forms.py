"""Signing up: the same is answered whether an address is taken or free, after the same work."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest


class SignUp(SignupForm):  # type: ignore[misc]
    def try_save(self, request: HttpRequest) -> Any:
        """For a taken address the password is worked on too, which takes nearly all of the time;
        the letter to it says that there is an account."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)
