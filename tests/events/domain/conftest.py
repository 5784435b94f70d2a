from hypothesis import settings

# How long one example takes says more of the machine and its neighbours than of the rule.
settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
