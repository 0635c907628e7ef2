"""What the columns of our own plain files mean, and an example of each file."""

from __future__ import annotations

MEANINGS = {
    "order_id": "the number of the order, once; a refund repeats that of its order",
    "ordered_at": "when it was ordered, or refunded",
    "currency": "a code of ISO 4217",
    "revenue": "what the order earned; negative for a refund",
    "order_kind": "`order` (when left out) or `refund`",
    "parent_id": "of a refund with a number of its own: that of its order",
    "status": "cancelled, test and failed ones are left aside, and counted as such",
    "location": "the shop or branch, by its own name",
    "channel": "where it came from, such as Paid Search, Email or Direct",
    "source": "`utm_source`: google, facebook, a newsletter …",
    "medium": "`utm_medium`: cpc, email, referral …",
    "campaign": "`utm_campaign`: it meets the ad campaign of that name or id",
    "promo_code": "the code that the customer used",
    "customer": "the number of the customer; never a name or an address",
    "new_customer": "yes or no",
    "lead_id": "the number of the contact, once",
    "received_at": "when the contact came in",
    "form": "the form that was filled in",
    "call_id": "the number of the call, once",
    "started_at": "when the call began",
    "duration_s": "how long it lasted, in whole seconds",
    "wait_s": "how long the caller waited for an answer, in whole seconds; empty where none came",
    "outcome": "what became of it: answered, missed, sold …",
    "date": "the day, as 2026-09-30",
    "landing_page": "the page that was seen first",
    "visits": "how many visits (sessions)",
    "engaged_visits": "how many of them were engaged, as GA4 means it",
    "single_page_visits": "how many of them saw one page only",
    "completed": "how many of them completed the transaction expected of them",
    "key_events": "how many key events they had",
    "from_currency": "the currency of the amounts",
    "to_currency": "the currency to convert into",
    "rate": "what one unit of “from” is worth in “to” on that day",
    "rate_source": "who says so",
    "ad": "the name of the creator, as tracked links carry it in `utm_content`",
    "spend": "the fee, or what it was worth",
    "network": "where it was seen: LinkedIn, Instagram, a newspaper, a site of reviews …",
    "earned_kind": "follow, unfollow, like, comment, share, mention or review",
    "earned": "how many there were that day",
}

EXAMPLES = {
    "orders": """
order_id,kind,ordered_at,currency,revenue,status,location,source,medium,campaign
1001,order,2026-09-01T10:12:00+02:00,EUR,129.90,paid,nantes,google,cpc,Rentrée
1001,refund,2026-09-08T09:00:00+02:00,EUR,-129.90,paid,nantes,,,
""",
    "leads": """
lead_id,received_at,location,channel,source,medium,campaign,form,status
L-1,2026-09-01T18:45:00+02:00,nantes,Paid Social,facebook,paid_social,Rentrée,Devis,new
""",
    "calls": """
call_id,started_at,duration_s,location,channel,source,campaign,outcome
C-1,2026-09-01T18:50:00+02:00,95,nantes,Direct,,,answered
""",
    "visits": """
date,location,channel,source,medium,campaign,landing_page,visits,engaged_visits,completed
2026-09-01,nantes,Paid Search,google,cpc,Rentrée,/devis,1000,640,150
""",
    "creator_costs": """
date,creator,campaign,cost,currency
2026-09-01,studio-lune,Rentrée,450.00,EUR
""",
    "earned_media": """
date,platform,kind,count,location
2026-09-01,LinkedIn,mention,12,
2026-09-01,Ouest-Matin,mention,2,nantes
2026-09-02,Instagram,follow,31,nantes
""",
    "currency_rates": """
date,from,to,rate,source
2026-09-01,USD,EUR,0.9135,central bank
""",
}
