import type { Texts } from './texts.ts'

export const es: Texts = {
  documentTitle: 'Vincular WhatsApp',
  language: 'Idioma',
  linkWith: 'Vincula tu WhatsApp con',
  meaning: (customer) =>
    `Una vez vinculado, ${customer} puede leer y enviar mensajes con tu número. Continúa solo si esperabas este enlace.`,
  steps: { code: 'Código', connecting: 'Conectando', linked: 'Vinculado' },
  opening: 'Abriendo el enlace',
  preparing: 'Preparando un código para tu teléfono',
  connecting: 'Tu teléfono ha aceptado',
  connectingHint: 'WhatsApp se está conectando. Mantén el teléfono con internet un momento.',
  obstacles: {
    offline: 'No hay conexión. Esta página continúa sola en cuanto la haya.',
    away: 'El servicio no responde ahora. Esta página lo intenta de nuevo sola.',
    full: 'Todos los lugares están ocupados ahora. El código aparece solo en cuanto haya uno libre.',
  },
  wait: (seconds) => `Hubo muchas solicitudes. Esta página continúa sola en ${seconds} s.`,
  ways: { qr: 'Escanear un código QR', code: 'Usar un código', label: 'Cómo vincular' },
  onThePhone: 'En tu teléfono',
  openWhatsapp: 'Abre WhatsApp',
  openLinkedDevices: 'Android: toca ⋮ y Dispositivos vinculados. iPhone: Configuración y Dispositivos vinculados',
  scanStep: 'Toca “Vincular un dispositivo” y apunta el teléfono a este código QR',
  phoneNumberStep: 'Toca “Vincular un dispositivo” y “Vincular con el número de teléfono”',
  typeStep: 'Escribe el código que muestra esta página',
  qrLabel: 'Código QR para escanear con WhatsApp',
  qrRenewsIn: (seconds) => `Código nuevo en ${seconds} s`,
  qrRenews: 'El código se renueva solo',
  samePhone: '¿Abriste esta página en el mismo teléfono que quieres vincular? Entonces usa un código.',
  number: 'Número de WhatsApp',
  numberHint: 'Con el código de país, como +52 55 1234 5678.',
  numberWrong: 'debe empezar con + y el código de país',
  getCode: 'Obtener código',
  getNewCode: 'Obtener otro código',
  otherNumber: 'Otro número',
  yourCode: 'Tu código',
  codeFor: (number) => `Para ${number}`,
  codeEndsIn: (time) => `Válido por ${time}`,
  codeEnded: 'Este código ya no es válido.',
  codeNotYet: 'El servicio aún se está preparando. Inténtalo de nuevo en un momento.',
  codeRefused:
    'WhatsApp no generó un código para este número. Revisa el número. Tras varios intentos WhatsApp pide un tiempo.',
  codeFailed: 'No se pudo generar un código ahora. Inténtalo de nuevo en un momento.',
  tooManyDevices: {
    title: '¿El teléfono dice que tiene demasiados dispositivos vinculados?',
    advice: 'Quita en Dispositivos vinculados uno que ya no uses y continúa aquí.',
  },
  outcomes: {
    linked: {
      title: 'WhatsApp está vinculado',
      advice: 'Puedes cerrar esta página. Sigue usando WhatsApp en tu teléfono como siempre.',
    },
    linkInvalid: {
      title: 'Este enlace ya no es válido',
      advice: 'Venció o no se copió entero. Pide uno nuevo a quien te lo envió.',
    },
    suspended: {
      title: 'La vinculación está en pausa',
      advice: 'La cuenta que te envió este enlace está suspendida. Pregúntale cuándo continúa.',
    },
    stopped: {
      title: 'La vinculación se detuvo',
      advice: 'Quien te envió este enlace detuvo la conexión. Pídele que la inicie e inténtalo de nuevo.',
    },
    expired: {
      title: 'Ningún teléfono escaneó el código a tiempo',
      advice: 'No ha pasado nada. Obtén un código nuevo cuando tengas el teléfono a mano.',
    },
    linkingFailed: {
      title: 'El teléfono no pudo vincularse',
      advice:
        'Si dice que tiene demasiados dispositivos vinculados, quita uno en Dispositivos vinculados. Si lo pide, actualiza WhatsApp. Después inténtalo de nuevo.',
    },
    passkey: {
      title: 'WhatsApp pide una clave de acceso',
      advice:
        'Este servicio todavía no puede usar una. Si tu teléfono tiene una en Configuración, Cuenta, Claves de acceso, quítala e inténtalo de nuevo. Si no, avisa a quien te envió este enlace.',
    },
    loggedOut: {
      title: 'El teléfono quitó esta conexión',
      advice: 'Si no fue a propósito, obtén un código nuevo y vincúlalo de nuevo.',
    },
    banned: {
      title: 'WhatsApp bloqueó este número por un tiempo',
      advice: 'Abre WhatsApp en el teléfono: dice por cuánto tiempo y cómo pedir una revisión.',
    },
    service: {
      title: 'Algo no funcionó de nuestro lado',
      advice: 'Tu teléfono está bien. Inténtalo de nuevo; si sigue así, avisa a quien te envió este enlace.',
    },
  },
  tryAgain: 'Intentar de nuevo',
  ending: 'Puedes terminarlo cuando quieras en tu teléfono, en Dispositivos vinculados.',
}
