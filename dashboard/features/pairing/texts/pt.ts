import type { Texts } from './texts.ts'

export const pt: Texts = {
  documentTitle: 'Conectar o WhatsApp',
  language: 'Idioma',
  linkWith: 'Conecte seu WhatsApp a',
  meaning: (customer) =>
    `Depois de conectado, ${customer} pode ler e enviar mensagens com o seu número. Continue apenas se você esperava este link.`,
  steps: { code: 'Código', connecting: 'Conectando', linked: 'Conectado' },
  opening: 'Abrindo o link',
  preparing: 'Preparando um código para o seu celular',
  connecting: 'Seu celular aceitou',
  connectingHint: 'O WhatsApp está conectando. Mantenha o celular com internet por um momento.',
  obstacles: {
    offline: 'Não há conexão. Esta página continua sozinha assim que houver.',
    away: 'O serviço não responde agora. Esta página tenta de novo sozinha.',
    full: 'Todos os lugares estão ocupados agora. O código aparece sozinho assim que houver um livre.',
  },
  wait: (seconds) => `Houve muitos pedidos. Esta página continua sozinha em ${seconds} s.`,
  ways: { qr: 'Escanear um código QR', code: 'Usar um código', label: 'Como conectar' },
  onThePhone: 'No seu celular',
  openWhatsapp: 'Abra o WhatsApp',
  openLinkedDevices:
    'Android: toque em ⋮ e em Dispositivos conectados. iPhone: Configurações e Dispositivos conectados',
  scanStep: 'Toque em “Conectar dispositivo” e aponte o celular para este código QR',
  phoneNumberStep: 'Toque em “Conectar dispositivo” e em “Conectar com número de telefone”',
  typeStep: 'Digite o código que esta página mostra',
  qrLabel: 'Código QR para escanear com o WhatsApp',
  qrRenewsIn: (seconds) => `Novo código em ${seconds} s`,
  qrRenews: 'O código se renova sozinho',
  samePhone: 'Você abriu esta página no próprio celular que quer conectar? Então use um código.',
  number: 'Número do WhatsApp',
  numberHint: 'Com o código do país, como +55 11 98765-4321.',
  numberWrong: 'precisa começar com + e o código do país',
  getCode: 'Gerar código',
  getNewCode: 'Gerar outro código',
  otherNumber: 'Outro número',
  yourCode: 'Seu código',
  codeFor: (number) => `Para ${number}`,
  codeEndsIn: (time) => `Válido por ${time}`,
  codeEnded: 'Este código não vale mais.',
  codeNotYet: 'O serviço ainda está se preparando. Tente de novo em um momento.',
  codeRefused:
    'O WhatsApp não gerou um código para este número. Confira o número. Depois de várias tentativas o WhatsApp pede um tempo.',
  codeFailed: 'Não foi possível gerar um código agora. Tente de novo em um momento.',
  tooManyDevices: {
    title: 'O celular diz que há dispositivos conectados demais?',
    advice: 'Remova em Dispositivos conectados um que você não usa mais e continue aqui.',
  },
  outcomes: {
    linked: {
      title: 'O WhatsApp está conectado',
      advice: 'Você pode fechar esta página. Continue usando o WhatsApp no celular como sempre.',
    },
    linkInvalid: {
      title: 'Este link não vale mais',
      advice: 'Ele expirou ou não foi copiado inteiro. Peça um novo a quem o enviou.',
    },
    suspended: {
      title: 'A conexão está pausada',
      advice: 'A conta que enviou este link está suspensa. Pergunte a quem o enviou quando ela volta.',
    },
    stopped: {
      title: 'A conexão foi parada',
      advice: 'Quem enviou este link parou a conexão. Peça que a inicie e tente de novo.',
    },
    expired: {
      title: 'Nenhum celular escaneou o código a tempo',
      advice: 'Nada aconteceu. Gere um novo código quando estiver com o celular em mãos.',
    },
    linkingFailed: {
      title: 'O celular não conseguiu conectar',
      advice:
        'Se ele diz que há dispositivos conectados demais, remova um em Dispositivos conectados. Se ele pedir, atualize o WhatsApp. Depois tente de novo.',
    },
    passkey: {
      title: 'O WhatsApp pede uma chave de acesso',
      advice:
        'Este serviço ainda não pode usar uma. Se o seu celular tem uma em Configurações, Conta, Chaves de acesso, remova-a e tente de novo. Se não, avise quem enviou este link.',
    },
    loggedOut: {
      title: 'O celular removeu esta conexão',
      advice: 'Se não foi de propósito, gere um novo código e conecte de novo.',
    },
    banned: {
      title: 'O WhatsApp bloqueou este número por um tempo',
      advice: 'Abra o WhatsApp no celular: ele diz por quanto tempo e como pedir uma análise.',
    },
    service: {
      title: 'Algo não funcionou do nosso lado',
      advice: 'Não há nada de errado com o seu celular. Tente de novo; se continuar, avise quem enviou este link.',
    },
  },
  tryAgain: 'Tentar de novo',
  ending: 'Você pode encerrar quando quiser no celular, em Dispositivos conectados.',
}
