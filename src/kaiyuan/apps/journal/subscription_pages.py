"""Pages of the outbox: who outside is told of what, and what came of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaiyuan.apps.journal import actions, queries
from kaiyuan.apps.journal.forms import SubscriptionForm
from kaiyuan.apps.journal.models import Subscription
from kaiyuan.apps.journal.writes import Call, submit
from kaiyuan.apps.zones.access import page, person
from kaiyuan.apps.zones.rights import may
from kaiyuan.apps.zones.wording import words

NEW = "new_subscription"
"""Key of the session: the subscription whose secret is shown at the next look, and never again."""


@page("subscription.read")
@require_GET
def subscriptions(request: HttpRequest) -> HttpResponse:
    """List the subscriptions of the zone with what was delivered and what waits."""
    by = person(request)
    context = {"rows": queries.subscriptions(by=by), "may_write": may(by, "subscription.write")}
    return render(request, "journal/subscriptions.html", context)


@page("subscription.read")
@require_GET
def subscription(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Show one subscription, its newest deliveries, and, once, the secret of a new one."""
    by = person(request)
    shown = queries.subscription(by=by, subscription_id=subscription_id)
    fresh = may(by, "subscription.write") and request.session.get(NEW) == shown.pk
    if fresh:
        del request.session[NEW]
    context = {
        "subscription": shown,
        "deliveries": queries.deliveries(by=by, subscription_id=subscription_id),
        "secret": shown.secret if fresh else "",
        "may_write": may(by, "subscription.write"),
    }
    return render(request, "journal/subscription.html", context)


@page("subscription.write")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Let somebody outside be told."""
    form = SubscriptionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made: list[Subscription] = []

        def act(call: Call) -> str:
            made.append(actions.subscribe(by=call.by, at=call.at, key=call.key, **form.cleaned_data))
            return _address(made[0].pk)

        try:
            answer = submit(request, act)
        except actions.Unusable as refusal:
            form.add_error(refusal.field, words(refusal.said.zh, refusal.said.en))
        else:
            if made and made[0].secret:
                request.session[NEW] = made[0].pk
            return answer
    return render(
        request, "journal/new_subscription.html", {"form": form}, status=422 if form.is_bound else 200
    )


@page("subscription.write")
@require_POST
def end(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Tell nothing more."""

    def act(call: Call) -> str:
        actions.end_subscription(by=call.by, subscription_id=subscription_id, at=call.at, key=call.key)
        return _address(subscription_id)

    return submit(request, act)


@page("subscription.write")
@require_POST
def retry(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Try again now what was given up or waits."""

    def act(call: Call) -> str:
        actions.retry_deliveries(by=call.by, subscription_id=subscription_id, at=call.at, key=call.key)
        return _address(subscription_id)

    return submit(request, act)


def _address(subscription_id: int) -> str:
    return reverse("journal:subscription", args=[subscription_id])
