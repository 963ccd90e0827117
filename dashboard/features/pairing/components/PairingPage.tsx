import { useLocation } from '@tanstack/react-router'
import { useEffect } from 'react'
import { obstacleOf, sceneOf } from '#dashboard/features/pairing/describe-pairing.ts'
import { useLanguage, useTexts } from '#dashboard/features/pairing/language.ts'
import { usePairing } from '#dashboard/features/pairing/api/use-pairing.ts'
import { Obstruction } from './Obstruction.tsx'
import { OutcomePanel } from './OutcomePanel.tsx'
import { PairingFrame } from './PairingFrame.tsx'
import { ProgressMarks } from './ProgressMarks.tsx'
import { Waiting } from './Waiting.tsx'
import { WaysToLink } from './WaysToLink.tsx'

/** For the person with the phone, who has a link and no account. The token is behind the `#`: no request's address has it. */
export function PairingPage() {
  const token = useLocation({ select: ({ hash }) => hash })
  useSpoken()
  return <Pairing key={token} token={token} />
}

function Pairing({ token }: { token: string }) {
  const texts = useTexts()
  const progress = usePairing(token)
  const { view, qr, failure, begin } = progress
  const scene = sceneOf(progress)
  const obstacle = obstacleOf(progress)
  return (
    <PairingFrame view={view} isOver={scene.is === 'over'}>
      {view !== undefined && scene.is !== 'opening' && <ProgressMarks scene={scene} />}
      {obstacle !== undefined && <Obstruction obstacle={obstacle} failure={failure} />}
      {scene.is === 'opening' && <Waiting title={texts.opening} />}
      {scene.is === 'preparing' && <Waiting title={texts.preparing} />}
      {scene.is === 'ready' && <WaysToLink token={token} qr={qr} />}
      {scene.is === 'connecting' && <Waiting title={texts.connecting} hint={texts.connectingHint} />}
      {scene.is === 'over' && <OutcomePanel outcome={scene.outcome} {...(scene.mayTryAgain ? { begin } : {})} />}
    </PairingFrame>
  )
}

/** Tells the browser, and so whatever reads the page aloud, which language this is. */
function useSpoken(): void {
  const language = useLanguage()
  const { documentTitle } = useTexts()
  useEffect(() => {
    document.documentElement.lang = language
    document.title = documentTitle
    return () => {
      document.documentElement.lang = 'en'
    }
  }, [language, documentTitle])
}
