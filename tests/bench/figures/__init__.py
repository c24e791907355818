# SPDX-License-Identifier: MIT
"""What scripts/bench is made of: who relays, what is measured, and how it is told."""
