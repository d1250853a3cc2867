import logo from '../assets/sallyport.svg'

export function Brand() {
  return (
    <div className="brand">
      <img src={logo} alt="" width="36" height="36" />
      <span>Sallyport</span>
    </div>
  )
}
