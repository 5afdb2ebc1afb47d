# What `cmake --install` lays out besides the built programs, which their own folders install: manuals,
# the user's declaration, doctor's unit and the roots for --ca-store. The packages and distributors use these same rules.
#
# Components: `emulator` is for development and installed only when it is named; everything else
# belongs to the agent.
set(EIC_PROGRAMS_DIR "" CACHE PATH
  "Install the programs of this folder, built elsewhere, instead of building them")
set(EIC_LIBEXECDIR /usr/libexec/ec2-instance-connect CACHE STRING "Folder of eic-authorized-keys")
set(EIC_SYSTEMDDIR lib/systemd CACHE STRING "systemd's folder: of system/ and system-preset/")

install(FILES ${PROJECT_SOURCE_DIR}/doc/eic-authorized-keys.8 ${PROJECT_SOURCE_DIR}/doc/ec2-instance-connect.8
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(FILES ${PROJECT_SOURCE_DIR}/doc/eic-emulator.1
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT emulator EXCLUDE_FROM_ALL)
# systemd looks in this folder whatever the library folder of the distribution is.
install(FILES ${PROJECT_SOURCE_DIR}/systemd/ec2-instance-connect.sysusers.conf
  DESTINATION lib/sysusers.d RENAME ec2-instance-connect.conf)
install(FILES ${PROJECT_SOURCE_DIR}/systemd/ec2-instance-connect-doctor.service
  DESTINATION ${EIC_SYSTEMDDIR}/system)
install(FILES ${PROJECT_SOURCE_DIR}/systemd/90-ec2-instance-connect.preset
  DESTINATION ${EIC_SYSTEMDDIR}/system-preset)
install(FILES ${PROJECT_SOURCE_DIR}/certificates/amazon-roots.pem
  DESTINATION ${CMAKE_INSTALL_DATADIR}/ec2-instance-connect)

if(EIC_PROGRAMS_DIR)
  install(PROGRAMS ${EIC_PROGRAMS_DIR}/eic-authorized-keys DESTINATION ${EIC_LIBEXECDIR})
  install(PROGRAMS ${EIC_PROGRAMS_DIR}/ec2-instance-connect DESTINATION ${CMAKE_INSTALL_SBINDIR})
  install(PROGRAMS ${EIC_PROGRAMS_DIR}/eic-emulator
    DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT emulator EXCLUDE_FROM_ALL)
endif()
