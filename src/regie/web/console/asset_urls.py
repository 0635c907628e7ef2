"""Addresses of accounts, pages and partners in the console."""

from __future__ import annotations

from django.urls import path

from regie.web.console import asset, assets, check_up, giving, network, own_roles, partners, policy

urlpatterns = [
    path("accounts/", assets.listed, name="manager-accounts"),
    path("pages/", assets.listed, {"room": "pages"}, name="manager-pages"),
    path("locations/", assets.listed, {"room": "locations"}, name="manager-locations"),
    path("sources/", assets.listed, {"room": "sources"}, name="manager-sources"),
    path("network/", network.network, name="manager-network"),
    path("network/totals/", network.set_totals, name="manager-network-totals"),
    path("give/", giving.give, name="manager-give"),
    path("give/undo/", giving.undo, name="manager-give-undo"),
    path("roles/", own_roles.roles, name="manager-roles"),
    path("roles/undo/", own_roles.undo, name="manager-roles-undo"),
    path("roles/allowed/", policy.policy, name="manager-policy"),
    path("roles/new/<slug:family_name>/", own_roles.new, name="manager-role-new"),
    path("roles/<int:role_id>/", own_roles.change, name="manager-role"),
    path("roles/<int:role_id>/remove/", own_roles.remove, name="manager-role-remove"),
    path("partners/", partners.partners, name="manager-partners"),
    path("partners/propose/", partners.propose, name="manager-partner-propose"),
    path("partners/<int:partnership_id>/", partners.partner, name="manager-partner"),
    path("partners/<int:partnership_id>/accept/", partners.accept, name="manager-partner-accept"),
    path("partners/<int:partnership_id>/end/", partners.end, name="manager-partner-end"),
    path("partners/shares/<int:share_id>/", partners.ceiling, name="manager-partner-ceiling"),
    path("partners/shares/<int:share_id>/stop/", partners.stop, name="manager-partner-stop"),
    path("assets/<slug:room>/", assets.listed, name="manager-assets"),
    path("assets/<slug:room>/list.csv", assets.listed_csv, name="manager-assets-csv"),
    path("assets/<slug:room>/link/", assets.link, name="manager-assets-link"),
    path("assets/<slug:room>/bring/", assets.bring, name="manager-assets-bring"),
    path("assets/<slug:room>/change/", assets.change_several, name="manager-assets-change"),
    path("assets/<slug:room>/<int:asset_id>/", asset.asset, name="manager-asset"),
    path("assets/<slug:room>/<int:asset_id>/people.csv", asset.people_csv,
         name="manager-asset-people-csv"),
    path("assets/<slug:room>/<int:asset_id>/check-up/", check_up.check_up,
         name="manager-asset-check-up"),
    path("assets/<slug:room>/<int:asset_id>/check-up/invite/", check_up.invite,
         name="manager-asset-check-up-invite"),
    path("assets/<slug:room>/<int:asset_id>/give/", asset.give, name="manager-asset-give"),
    path("assets/<slug:room>/<int:asset_id>/rename/", asset.rename, name="manager-asset-rename"),
    path("assets/<slug:room>/<int:asset_id>/attach/", asset.attach, name="manager-asset-attach"),
    path("assets/<slug:room>/<int:asset_id>/let-go/", asset.let_go, name="manager-asset-let-go"),
    path("assets/<slug:room>/<int:asset_id>/withdraw/<int:grant_id>/", asset.withdraw,
         name="manager-asset-withdraw"),
]  # fmt: skip
