"""Views over the whole register: what is offered, on which topics, where, and how much there is."""
