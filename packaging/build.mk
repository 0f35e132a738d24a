# SPDX-License-Identifier: GPL-2.0
#
# make install, uninstall (DESTDIR=, prefix=), deb; what they install is listed in packaging/install.
#
# $(O)/completion/{bash,zsh,fish}  made from what the programs say of themselves
# $(O)/deb                         the Debian packages, and what they are built in

prefix     ?= /usr/local
bindir     ?= $(prefix)/bin
libdir     ?= $(prefix)/lib
datadir    ?= $(prefix)/share
mandir     ?= $(datadir)/man
unitdir    ?= $(libdir)/systemd/system
bashdir    ?= $(datadir)/bash-completion/completions
zshdir     ?= $(datadir)/zsh/site-functions
fishdir    ?= $(datadir)/fish/vendor_completions.d
sysconfdir ?= /etc
# DKMS looks here and nowhere else.
usrsrc     ?= /usr/src

INSTALL_VARIABLES = DESTDIR='$(DESTDIR)' VERSION='$(VERSION)' O='$(O)' \
	$(foreach name,bindir libdir datadir mandir unitdir bashdir zshdir fishdir sysconfdir usrsrc,\
		$(name)='$($(name))') \
	GUEST_PROGRAMS='$(GUEST_PROGRAMS)'

INSTALLED_PROGRAMS := $(addprefix $(O)/bin/,vkernel vkernel-runtime vkbench)
COMPLETIONS := $(foreach name,$(notdir $(INSTALLED_PROGRAMS)),$(O)/completion/bash/$(name) \
	$(O)/completion/zsh/_$(name) $(O)/completion/fish/$(name).fish)
FILLED_IN := $(addprefix $(O)/packaging/,vkernel.service dkms.conf make-guest)

# GUEST_PROGRAMS grows in folders that are read later.
.SECONDEXPANSION:
$(O)/completion/options.tsv: packaging/completion/options packaging/completion/help.awk \
		packaging/completion/runtime.tsv $(INSTALLED_PROGRAMS)
	@mkdir -p $(@D)
	@$(call say,GEN,$@)
	$(Q)packaging/completion/options $(O)/bin >$@

$(COMPLETIONS): $(O)/completion/options.tsv packaging/completion/bash.awk \
		packaging/completion/zsh.awk packaging/completion/fish.awk
	@mkdir -p $(@D)
	@$(call say,GEN,$@)
	$(Q)awk -f packaging/completion/$(notdir $(@D)).awk -v program=$(patsubst _%,%,$(basename $(@F))) $< >$@

# Where things are installed is written into what is installed.
$(FILLED_IN): $(O)/packaging/%: FORCE
	@mkdir -p $(@D)
	$(Q)sed 's|@bindir@|$(bindir)|; s|@libdir@|$(libdir)|; s|@datadir@|$(datadir)|; s|@version@|$(VERSION)|; s|#MODULE_VERSION#|$(VERSION)|' \
		$(firstword $(wildcard packaging/$* packaging/dkms/$*)) >$@

completions: $(COMPLETIONS)

# All that is installed, and nothing else: the tests' programs are not needed for it.
installable: $(INSTALLED_PROGRAMS) $(PLUGIN) $(O)/bin/init $$(GUEST_PROGRAMS) $(COMPLETIONS) $(FILLED_IN)

install: installable
	$(Q)$(INSTALL_VARIABLES) packaging/install install

uninstall:
	$(Q)$(INSTALL_VARIABLES) packaging/install uninstall

# What building packages needs beside PACKAGES.
DEB_PACKAGES := debhelper dh-dkms dpkg-dev fakeroot lintian libcyaml-dev libyaml-dev

deb:
	$(Q)$(MAKE) --no-print-directory deps PACKAGES='$(PACKAGES) $(DEB_PACKAGES)'
	$(Q)packaging/make-deb '$(O)/deb' '$(VERSION)'

.PHONY: deb completions installable install uninstall

FAST_TESTS += tests/packages/install_test.sh
NIGHTLY_TESTS += tests/packages/debs tests/packages/dkms tests/packages/installed
