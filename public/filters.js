// The address of a view, which may be sent to a colleague, holds only what was asked for: empty fields stay out of it.
document.addEventListener('formdata', ({ target, formData }) => {
  if (target.method !== 'get') return
  for (const [name, value] of [...formData]) if (value === '') formData.delete(name)
})
