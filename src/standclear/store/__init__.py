# SPDX-License-Identifier: Apache-2.0
"""The log on disk, behind the Store port of `standclear.centre.port`. One contract, every store.

The contract, kept by tests/store/test_contract.py:

- Entries are dense from 0. `append` compares the size it was given with the size it has, and appends all or
  nothing in one step; on return the entries are durable. This comparison is the only fence there is.
- A command key stands at most once (IdAlreadyUsed); entries that are not numbered from the size on are Malformed.
- `read` gives, in order, the entries that were there when it was called, while others append. A store on disk checks
  that each leaf is the one appended; all other hashes are recomputed by `tlog.entry.check_entry`.
- `erase` takes "consent", "details" or "slot/N"; repeating it is harmless and finishes what a crash left undone.
  NotFound means that nothing of this name ever stood there. Whether it may be erased is decided before, by others.
- A store that met an I/O error takes no further writes until it is opened anew: what the disk really holds is
  unknown until it is read again.
"""
