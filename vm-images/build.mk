# SPDX-License-Identifier: GPL-2.0
#
# $(O)/guest-$(KERNEL)       link to the guest in the cache
# $(O)/build-root-$(KERNEL)  link to the build root in the cache
# $(O)/initrd-$(KERNEL)      our initrd: PID 1, the boot drivers, and the payload as /vkernel

# Static programs that the guest finds in /vkernel/bin: $(O)/bin/NAME, added by each folder.
GUEST_PROGRAMS ?=

GUEST      := $(O)/guest-$(KERNEL)
BUILD_ROOT := $(O)/build-root-$(KERNEL)
INITRD     := $(O)/initrd-$(KERNEL)
PAYLOAD    := $(O)/payload-$(KERNEL)

# The link is made anew each time: ensure is quick when the product is there, and it knows better
# than make whether it is the recipe's.
$(GUEST) $(BUILD_ROOT): $(O)/%-$(KERNEL): FORCE
	@mkdir -p $(@D)
	$(Q)product=$$(vm-images/ensure $* $(KERNEL)) && \
	[ "$$(readlink $@)" = "$$product" ] || { [ -n "$$product" ] && ln -sfn "$$product" $@; }

image: $(GUEST) initrd

initrd: $(INITRD)

# Secondary expansion: the folders that come later in the alphabet add programs too.
.SECONDEXPANSION:
$(INITRD): vm-images/make-initrd $(O)/bin/init $$(GUEST_PROGRAMS) $$(KMOD_PRODUCTS) | $(GUEST)
	@$(call say,INITRD,$@)
	$(Q)vm-images/make-initrd $(GUEST)/modules $(O)/bin/init $(PAYLOAD) $@ \
		$(GUEST_PROGRAMS) $(KMOD_PRODUCTS)

FORCE:
.PHONY: initrd FORCE
