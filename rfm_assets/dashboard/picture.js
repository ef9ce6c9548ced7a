// Saves a figure as SVG or PNG, with its title, date, legend and source, and copies the link of the page.
// A figure is whatever stands in a container of the class `st-key-rfm_figure_NAME`: HTML is drawn as SVG, text by text.
if (!window.rfmPicture) {
  window.rfmPicture = true
  const SPACE = 'http://www.w3.org/2000/svg', MARGIN = 16, TITLE = 18, SMALL = 13
  const LEFT_OUT = 'button, style, script, .rfm-hint, [data-testid=stElementToolbar]'
  const brush = document.createElement('canvas').getContext('2d')

  const svg = (name, attributes, text = '') => {
    const made = document.createElementNS(SPACE, name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    made.textContent = text
    return made
  }
  const fontOf = look => `${look.fontStyle} ${look.fontWeight} ${look.fontSize} ${look.fontFamily}`
  const isSeen = colour => !/^rgba\(.*, 0\)$|\/ 0\)$|^transparent$/.test(colour)
  const SIDES = {Left: ['left', 'top', 'left', 'bottom'], Bottom: ['left', 'bottom', 'right', 'bottom']}

  function word(text, x, top, height, look) {
    brush.font = fontOf(look)
    const {fontBoundingBoxAscent: up, fontBoundingBoxDescent: down} = brush.measureText(text)
    return svg('text', {
      x, y: top + (height - up - down) / 2 + up, fill: look.color, 'font-size': look.fontSize,
      'font-family': look.fontFamily, 'font-weight': look.fontWeight, 'font-style': look.fontStyle,
    }, text)
  }

  // The lines of a text as the browser has broken them.
  function* linesOf(node) {
    const range = document.createRange()
    let line = null
    for (const {0: found, index} of node.data.matchAll(/\S+/g)) {
      range.setStart(node, index)
      range.setEnd(node, index + found.length)
      const box = range.getBoundingClientRect()
      if (line && Math.abs(line.box.top - box.top) < 2) line.words.push(found)
      else {
        if (line) yield line
        line = {box, words: [found]}
      }
    }
    if (line) yield line
  }

  function* drawn(one, from) {
    const place = box => ({x: box.left - from.left, y: box.top - from.top, width: box.width, height: box.height})
    if (one.matches(LEFT_OUT) || !one.checkVisibility()) return
    const box = one.getBoundingClientRect(), look = getComputedStyle(one)
    if (one instanceof HTMLImageElement || one instanceof HTMLCanvasElement) {
      yield svg('image', {...place(box), href: one.src || one.toDataURL()})
      return
    }
    if (one instanceof SVGSVGElement) {
      const copy = one.cloneNode(true)
      for (const [key, value] of Object.entries(place(box))) copy.setAttribute(key, value)
      if (!one.hasAttribute('viewBox')) copy.setAttribute('viewBox', `0 0 ${box.width} ${box.height}`)
      copy.setAttribute('color', look.color)
      copy.removeAttribute('style')
      yield copy
      return
    }
    const lines = Object.keys(SIDES).filter(
      side => parseFloat(look[`border${side}Width`]) && isSeen(look[`border${side}Color`]))
    const isFramed = lines.length === 2
    if (box.width && box.height && (isFramed || isSeen(look.backgroundColor)))
      yield svg('rect', {
        ...place(box), rx: parseFloat(look.borderRadius) || 0, fill: look.backgroundColor,
        stroke: isFramed ? look.borderLeftColor : 'none',
      })
    for (const side of isFramed ? [] : lines) {
      const [x1, y1, x2, y2] = SIDES[side].map((end, one) => box[end] - (one % 2 ? from.top : from.left))
      yield svg('line', {x1, y1, x2, y2, stroke: look[`border${side}Color`]})
    }
    for (const child of one.childNodes) {
      if (child instanceof Element) yield* drawn(child, from)
      else if (child instanceof Text)
        for (const {box: {left, top, height}, words} of linesOf(child))
          yield word(words.join(' '), left - from.left, top - from.top, height, look)
    }
  }

  // Texts of our own, in lines no wider than the picture.
  function written(text, size, weight, colour, family, width, from) {
    const look = {fontSize: `${size}px`, fontWeight: weight, fontStyle: 'normal', fontFamily: family, color: colour}
    brush.font = fontOf(look)
    const lines = []
    for (const next of text.split(' ')) {
      const longer = lines.length ? `${lines.at(-1)} ${next}` : next
      if (lines.length && brush.measureText(longer).width <= width) lines[lines.length - 1] = longer
      else lines.push(next)
    }
    const height = size * 1.35
    return {parts: lines.map((line, one) => word(line, 0, from + one * height, height, look)), to: from + lines.length * height}
  }

  function picture(figure, title) {
    const about = document.querySelector('.rfm-about').dataset, app = getComputedStyle(document.querySelector('.stApp'))
    const root = getComputedStyle(document.documentElement), muted = root.getPropertyValue('--rfm-muted')
    const ground = root.getPropertyValue('--rfm-ground'), ink = root.getPropertyValue('--rfm-ink')
    const from = figure.getBoundingClientRect(), parts = [...drawn(figure, from)]
    const ends = [...figure.querySelectorAll('table, svg, .rfm-bars')].map(one => one.getBoundingClientRect().right - from.left)
    const width = Math.max(from.width, 320, ...ends)
    const named = written(title, TITLE, '600', ink, app.fontFamily, width, 0)
    const dated = written(about.date, SMALL, '400', muted, app.fontFamily, width, named.to)
    const body = svg('g', {transform: `translate(0 ${dated.to + 10})`})
    body.append(...parts)
    const source = written(about.source, SMALL, '400', muted, app.fontFamily, width, dated.to + from.height + 20)
    const size = {width: Math.ceil(width + 2 * MARGIN), height: Math.ceil(source.to + 2 * MARGIN)}
    const whole = svg('svg', {xmlns: SPACE, ...size, viewBox: `0 0 ${size.width} ${size.height}`})
    const inner = svg('g', {transform: `translate(${MARGIN} ${MARGIN})`})
    inner.append(...named.parts, ...dated.parts, body, ...source.parts)
    whole.append(svg('title', {}, title), svg('rect', {...size, fill: ground}), inner)
    return {whole, ...size}
  }

  // The page's font goes into the picture: what draws an image reads no other file.
  async function font() {
    for (const sheet of document.styleSheets)
      for (const rule of sheet.cssRules) {
        if (!(rule instanceof CSSFontFaceRule) || !/Source Sans/.test(rule.style.fontFamily)) continue
        if (rule.style.fontStyle === 'italic') continue
        const to = new URL(rule.style.src.match(/url\("?([^")]+)/)[1], sheet.href || location.href)
        const bytes = new Uint8Array(await (await fetch(to)).arrayBuffer())
        const text = btoa(Array.from(bytes, one => String.fromCharCode(one)).join(''))
        return `@font-face {font-family: "Source Sans"; font-weight: 200 900; src: url(data:font/woff2;base64,${text})}`
      }
    return ''
  }

  function save(blob, name) {
    const link = Object.assign(document.createElement('a'), {href: URL.createObjectURL(blob), download: name})
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }

  async function take(button) {
    const {name, title, as} = button.dataset
    const {whole, width, height} = picture(document.querySelector(`.st-key-rfm_figure_${CSS.escape(name)}`), title)
    const file = `${document.querySelector('.rfm-about').dataset.day}_${name}.${as}`
    whole.prepend(svg('style', {}, await font()))
    const blob = new Blob([new XMLSerializer().serializeToString(whole)], {type: 'image/svg+xml'})
    if (as === 'svg') return save(blob, file)
    const image = Object.assign(new Image(), {src: URL.createObjectURL(blob)})
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), {width: 2 * width, height: 2 * height})
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
    URL.revokeObjectURL(image.src)
    canvas.toBlob(made => save(made, file))
  }

  async function copyLink(button) {
    await navigator.clipboard.writeText(location.href)
    button.textContent = 'Link copied'
    setTimeout(() => { button.textContent = 'Copy link' }, 3000)
  }

  // On paper a chart is as wide as there is room; its own size is that on the screen.
  const charts = () => document.querySelectorAll('[data-testid=stEChartsChart] svg')
  addEventListener('beforeprint', () => {
    for (const one of charts()) one.setAttribute('viewBox', `0 0 ${one.clientWidth} ${one.clientHeight}`)
  })
  addEventListener('afterprint', () => {
    for (const one of charts()) one.removeAttribute('viewBox')
  })
  addEventListener('click', ({target}) => {
    const button = target.closest?.('button[data-as], button.rfm-copy')
    if (button) button.matches('.rfm-copy') ? copyLink(button) : take(button)
  })
}
