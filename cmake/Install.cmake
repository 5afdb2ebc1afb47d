# What `cmake --install` lays out besides the built programs, which their own folders install: manuals,
# the user's declaration, doctor's unit and the roots for --ca-store. The packages and distributors use these same rules.
#
# Components: `client` is the person's end, `console` the same in a browser, and `emulator` for
# development, each installed only when it is named; everything else belongs to the agent.
set(EIC_PROGRAMS_DIR "" CACHE PATH
  "Install the programs of this folder, built elsewhere, instead of building them")
set(EIC_LIBEXECDIR /usr/libexec/ec2-instance-connect CACHE STRING "Folder of eic-authorized-keys")
set(EIC_SYSTEMDDIR lib/systemd CACHE STRING "systemd's folder: of system/ and system-preset/")

if(EIC_BUILD_AGENT)
  install(FILES ${PROJECT_SOURCE_DIR}/doc/eic-authorized-keys.8 ${PROJECT_SOURCE_DIR}/doc/ec2-instance-connect.8
      ${PROJECT_SOURCE_DIR}/doc/eic-chain.8
    DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
  # systemd looks in this folder whatever the library folder of the distribution is.
  install(FILES ${PROJECT_SOURCE_DIR}/systemd/ec2-instance-connect.sysusers.conf
    DESTINATION lib/sysusers.d RENAME ec2-instance-connect.conf)
  install(FILES ${PROJECT_SOURCE_DIR}/systemd/ec2-instance-connect-doctor.service
    DESTINATION ${EIC_SYSTEMDDIR}/system)
  install(FILES ${PROJECT_SOURCE_DIR}/systemd/90-ec2-instance-connect.preset
    DESTINATION ${EIC_SYSTEMDDIR}/system-preset)
  install(FILES ${PROJECT_SOURCE_DIR}/systemd/ec2-instance-connect.catalog
    DESTINATION lib/systemd/catalog)
  install(FILES ${PROJECT_SOURCE_DIR}/certificates/amazon-roots.pem
    DESTINATION ${CMAKE_INSTALL_DATADIR}/ec2-instance-connect)
endif()
install(FILES ${PROJECT_SOURCE_DIR}/doc/eic-emulator.1
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT emulator EXCLUDE_FROM_ALL)

if(EIC_BUILD_CLIENT)
  install(FILES ${PROJECT_SOURCE_DIR}/doc/eic.1 ${PROJECT_SOURCE_DIR}/doc/mssh.1 ${PROJECT_SOURCE_DIR}/doc/msftp.1
    DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT client EXCLUDE_FROM_ALL)
  # The other names of eic, which does what it is called by; beside the built program for the tests.
  foreach(name mssh msftp)
    file(MAKE_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
    file(CREATE_LINK eic ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${name} SYMBOLIC)
    install(FILES ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${name}
      DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT client EXCLUDE_FROM_ALL)
  endforeach()
endif()

if(EIC_BUILD_CONSOLE)
  install(FILES ${PROJECT_SOURCE_DIR}/doc/eic-console.1
    DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT console EXCLUDE_FROM_ALL)
  # Of what is embedded.
  install(FILES ${PROJECT_SOURCE_DIR}/packaging/xterm.js.LICENSE
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/ec2-instance-connect-console
    COMPONENT console EXCLUDE_FROM_ALL)
endif()

if(EIC_PROGRAMS_DIR)
  install(PROGRAMS ${EIC_PROGRAMS_DIR}/eic-authorized-keys ${EIC_PROGRAMS_DIR}/eic-chain
    DESTINATION ${EIC_LIBEXECDIR})
  install(PROGRAMS ${EIC_PROGRAMS_DIR}/ec2-instance-connect DESTINATION ${CMAKE_INSTALL_SBINDIR})
  install(PROGRAMS ${EIC_PROGRAMS_DIR}/eic
    DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT client EXCLUDE_FROM_ALL)
  # Packagers may leave it out.
  install(PROGRAMS ${EIC_PROGRAMS_DIR}/eic-console
    DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT console EXCLUDE_FROM_ALL OPTIONAL)
  install(PROGRAMS ${EIC_PROGRAMS_DIR}/eic-emulator
    DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT emulator EXCLUDE_FROM_ALL)
endif()
