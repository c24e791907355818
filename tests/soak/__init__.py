# SPDX-License-Identifier: MIT
"""What scripts/soak is made of."""
