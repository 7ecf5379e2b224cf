// The address of a view, which may be sent to a colleague, holds only what was asked for: empty fields stay out of it.
document.addEventListener('formdata', ({ target, formData }) => {
  if (target.method !== 'get') return
  for (const [name, value] of [...formData]) if (value === '') formData.delete(name)
})

// A choice that only changes what is shown is sent at once; without script a button does it.
document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-send-on-change]')) target.form.requestSubmit()
})
