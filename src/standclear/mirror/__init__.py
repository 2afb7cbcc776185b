# SPDX-License-Identifier: Apache-2.0
"""A party's verifying replica of its inbox: pulls, proves, folds, judges anew, and says where it disagrees."""
