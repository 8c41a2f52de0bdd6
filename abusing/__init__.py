"""What hostile callers send to a shop, and what must not come of it: ``scripts/abuse``.

Experiments as those of the proving ground, on shops of their own, generated from the URL map and the
OpenAPI document: an endpoint without a rule here fails the run by its name.
"""

from proving.experiment import Suite

ABUSE = Suite(
    "scripts/abuse",
    "abusing.experiments",
    {
        20: "staff who may only look, in the matrix: comes with such a role (merchandisers stand in for them)",
        25: "gift cards: come with the gift cards' endpoints",
    },
)
