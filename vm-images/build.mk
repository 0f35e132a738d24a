# SPDX-License-Identifier: GPL-2.0
#
# $(O)/guest-$(KERNEL)       link to the guest in the cache; its path is in guest-$(KERNEL).path
# $(O)/build-root-$(KERNEL)  the same for the build root
# $(O)/engines-$(KERNEL)     the same for the guest with container engines (KERNEL=6.12 only)
# $(O)/initrd-$(KERNEL)      our initrd: PID 1, the boot drivers, and the payload as /vkernel

# Static programs that the guest finds in /vkernel/bin: each folder adds its $(O)/bin/NAME, and its
# profiles (*.apparmor) for /vkernel/share.
GUEST_PROGRAMS ?=

PRODUCTS := $(O)/guest-$(KERNEL) $(O)/build-root-$(KERNEL)
ENGINES  := $(O)/engines-$(KERNEL)
INITRD   := $(O)/initrd-$(KERNEL)
PAYLOAD  := $(O)/payload-$(KERNEL)

# ensure is asked each time: it is quick when the product is there, and it knows better than make
# whether that is the recipe's. The file changes only when the product does.
$(PRODUCTS:=.path) $(ENGINES).path: $(O)/%-$(KERNEL).path: FORCE
	@mkdir -p $(@D)
	$(Q)product=$$(vm-images/ensure $* $(KERNEL)) && ln -sfn "$$product" $(@:.path=) && \
	{ [ "$$(cat $@ 2>/dev/null)" = "$$product" ] || echo "$$product" >$@; }

image: $(O)/guest-$(KERNEL).path initrd

initrd: $(INITRD)

# Secondary expansion: folders that are read later add programs too.
.SECONDEXPANSION:
$(INITRD): vm-images/make-initrd $(O)/bin/init $$(GUEST_PROGRAMS) $$(KMOD_PRODUCTS) \
		$(PRODUCTS:=.path)
	$(Q)cmp -s $(O)/guest-$(KERNEL)/release $(O)/build-root-$(KERNEL)/release || { \
		echo "the guest's kernel and the build root's headers are of different days:" \
			"remove the older and run make again:" $$(cat $(PRODUCTS:=.path)) >&2; exit 3; }
	@$(call say,INITRD,$@)
	$(Q)vm-images/make-initrd $(O)/guest-$(KERNEL)/modules $(O)/bin/init $(PAYLOAD) $@ \
		$(GUEST_PROGRAMS) $(KMOD_PRODUCTS)

# It is booted with the same initrd, so it must have the same kernel.
engines: $(ENGINES).path initrd
	$(Q)cmp -s $(ENGINES)/release $(O)/guest-$(KERNEL)/release || { \
		echo "the guest's kernel and that of the image engines are of different days:" \
			"remove the older and run make again:" \
			$$(cat $(O)/guest-$(KERNEL).path $(ENGINES).path) >&2; exit 3; }

FAST_TESTS += tests/vm-images/ensure_test.sh

FORCE:
.PHONY: initrd engines FORCE
