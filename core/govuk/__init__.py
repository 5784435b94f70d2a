"""The pages' floor: forms and components in the GOV.UK Design System, without its restricted brand."""
